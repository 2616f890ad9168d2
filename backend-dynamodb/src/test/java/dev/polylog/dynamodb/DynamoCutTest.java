package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.servers.dynamodb.DynamoServers;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.Exchange;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.tck.faults.HarmedAppends;
import dev.polylog.tck.faults.SureAppend;
import dev.polylog.tck.faults.Told;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connection is cut at every byte of an append's exchange: the outcome is always what became of it. */
class DynamoCutTest {

    /** Each takes its whole timeout. */
    private static final int LASTING_CUTS = 12;

    @RegisterExtension
    final TestLog log = new TestLog();

    private FaultProxy proxy;
    private DynamoBackend proxied;
    private HarmedAppends appends;
    private Exchange exchange;

    @BeforeEach
    void openThroughTheProxy() {
        proxy = FaultProxy.to(DynamoServers.shared().address());
        open(log.config().timeout(Duration.ofSeconds(20)).callTimeout(Duration.ofSeconds(3)));
        exchange = Exchange.measure(proxy, appends::undisturbed);
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    private void open(DynamoConfig.Builder config) {
        DynamoBackend direct = log.open();
        proxied = log.open(
                config.endpoint(URI.create("http://" + proxy.address())).build());
        appends = new HarmedAppends(direct, proxied, this::resolve);
    }

    private Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        proxy.plan(FaultPlan.none());
        return SureAppend.resolve(unknown);
    }

    @Test
    void wherever_the_connection_is_cut_once_the_append_is_written_exactly_once() {
        List<FaultPlan> cuts = exchange.everyCut();
        for (FaultPlan cut : cuts) {
            proxy.planOnce(cut);
            appends.append();
        }
        assertThat(appends.refusals()).isEmpty();
        assertThat(appends.told()).containsOnlyKeys(Told.APPENDED);
        appends.verify(cuts.size() + " cuts");
    }

    @Test
    void where_no_connection_gets_any_further_the_outcome_is_unknown_and_can_be_resolved() {
        proxied.close();
        open(log.config().timeout(Duration.ofMillis(600)).callTimeout(Duration.ofMillis(300)));
        exchange.cuts(LASTING_CUTS).forEach(this::cutForGood);
        cutForGood(FaultPlan.toServer(Faults.none().cut(50, Ending.BLACK_HOLE)));
        cutForGood(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)));
        assertThat(appends.told()).containsKeys(Told.UNKNOWN_AND_APPENDED, Told.UNKNOWN_AND_NOT_APPENDED);
    }

    private void cutForGood(FaultPlan plan) {
        proxy.plan(plan);
        appends.append();
        appends.verify(plan);
        proxy.plan(FaultPlan.none());
    }
}
