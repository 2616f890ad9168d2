package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.Exchange;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.tck.faults.HarmedAppends;
import dev.polylog.tck.faults.SureAppend;
import dev.polylog.tck.faults.Told;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connection is cut at every byte of an append's exchange: the outcome is always what became of it. */
class PostgresCutTest {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private FaultProxy proxy;
    private PostgresBackend proxied;
    private HarmedAppends appends;

    @BeforeEach
    void openThroughTheProxy() {
        proxy = FaultProxy.to(LOG.access().address());
        open(config().lockTimeout(Duration.ofSeconds(1)));
    }

    @AfterEach
    void closeTheProxy() {
        proxied.close();
        proxy.close();
    }

    private PostgresConfig.Builder config() {
        return TestLog.config(LOG.access().through(proxy.address()))
                .signal(Signalling.POLL)
                .socketTimeout(Duration.ofSeconds(3));
    }

    private void open(PostgresConfig.Builder config) {
        PostgresBackend direct = LOG.open();
        proxied = LOG.open(config.build());
        appends = new HarmedAppends(direct, proxied, this::resolve);
    }

    private Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        proxy.plan(FaultPlan.none());
        return SureAppend.resolve(unknown);
    }

    @Test
    void the_outcome_is_true_wherever_the_connection_is_cut() {
        Exchange.measure(proxy, appends::undisturbed).everyCut().forEach(this::cut);
        assertThat(appends.told()).containsKeys(Told.UNKNOWN_AND_NOT_APPENDED, Told.UNKNOWN_AND_APPENDED);
    }

    @Test
    void the_outcome_is_true_where_nobody_answers_any_more() {
        cut(FaultPlan.toServer(Faults.none().cut(0, Ending.BLACK_HOLE)));
        cut(FaultPlan.toServer(Faults.none().cut(50, Ending.BLACK_HOLE)));
        cut(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)));
    }

    @Test
    void behind_a_pooler_the_deadline_fences_because_the_process_is_not_known() {
        proxied.close();
        open(config().pooler(PostgresConfig.Pooler.TRANSACTION).lockTimeout(Duration.ofMillis(200)));
        cut(FaultPlan.toServer(Faults.none().cut(60, Ending.RESET)));
        cut(FaultPlan.toClient(Faults.none().cut(5, Ending.RESET)));
        assertThat(appends.told()).containsOnlyKeys(Told.UNKNOWN_AND_NOT_APPENDED, Told.UNKNOWN_AND_APPENDED);
    }

    private void cut(FaultPlan plan) {
        proxy.plan(FaultPlan.none());
        appends.undisturbed();
        proxy.planOnce(plan);
        appends.append();
        appends.verify(plan);
    }
}
