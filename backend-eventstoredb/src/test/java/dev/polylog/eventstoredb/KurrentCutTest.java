package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.Exchange;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.tck.faults.HarmedAppends;
import dev.polylog.tck.faults.SureAppend;
import dev.polylog.tck.faults.Told;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection is cut at every byte of an append's exchange: the outcome is always what became of it. */
class KurrentCutTest {

    private final KurrentServer server = KurrentServers.own(KurrentVersion.V25_1);
    private final FaultProxy proxy = FaultProxy.to(server);
    private final KurrentLog log = new KurrentLog();
    private HarmedAppends appends;

    @BeforeEach
    void openThroughTheProxy() {
        // First: what is slow for the first time is done with when the short timeout counts.
        KurrentBackend direct = log.open(server.url());
        KurrentBackend proxied =
                log.open("kurrentdb://" + proxy.address() + "?tls=false&discoveryInterval=20&timeout=2s");
        appends = new HarmedAppends(direct, proxied, this::resolve);
    }

    @AfterEach
    void close() throws Exception {
        proxy.plan(FaultPlan.none());
        log.close();
        proxy.close();
        server.close();
    }

    private Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        proxy.plan(FaultPlan.none());
        return SureAppend.resolve(unknown);
    }

    private void cut(FaultPlan plan) {
        proxy.plan(FaultPlan.none());
        appends.undisturbed();
        proxy.planOnce(plan);
        appends.append();
        appends.verify(plan);
    }

    @Test
    void the_outcome_is_true_wherever_the_connection_is_cut() {
        Exchange.measure(proxy, appends::undisturbed).everyCut().forEach(this::cut);
        // Whoever resolves sends it again: it is there in the end.
        assertThat(appends.told()).doesNotContainKey(Told.UNKNOWN_AND_NOT_APPENDED);
        assertThat(appends.told().get(Told.UNKNOWN_AND_APPENDED))
                .as("%s", appends.told())
                .isGreaterThan(50);
    }

    @Test
    void the_outcome_is_true_where_nobody_answers_any_more() {
        cut(FaultPlan.toServer(Faults.none().cut(0, Ending.BLACK_HOLE)));
        cut(FaultPlan.toServer(Faults.none().cut(50, Ending.BLACK_HOLE)));
        cut(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)));
        assertThat(appends.told()).containsOnlyKeys(Told.UNKNOWN_AND_APPENDED);
    }
}
