package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.servers.proxy.Traffic;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.StreamRead;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The connection is cut at every byte of an append's exchange: the outcome is always what became of it. */
class PostgresCutTest {

    private enum Told {
        APPENDED,
        NOT_APPENDED,
        UNKNOWN_AND_APPENDED,
        UNKNOWN_AND_NOT_APPENDED
    }

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    private final Map<Told, Integer> told = new EnumMap<>(Told.class);
    private FaultProxy proxy;
    private PostgresBackend direct;
    private PostgresBackend proxied;
    private StreamId stream;
    private long version;

    @BeforeEach
    void openThroughTheProxy() {
        proxy = FaultProxy.to(LOG.access().address());
        direct = LOG.open();
        proxied = LOG.open(TestLog.config(LOG.access().through(proxy.address()))
                .signal(Signalling.POLL)
                .lockTimeout(Duration.ofSeconds(1))
                .socketTimeout(Duration.ofSeconds(3))
                .build());
        stream = StreamId.of("cut-" + UUID.randomUUID());
        version = 0;
    }

    @AfterEach
    void closeTheProxy() {
        proxied.close();
        proxy.close();
    }

    @Test
    void the_outcome_is_true_wherever_the_connection_is_cut() {
        appendUndisturbed();
        Traffic before = lastTraffic();
        appendUndisturbed();
        Traffic after = lastTraffic();
        assertThat(after.connection()).isEqualTo(before.connection());
        long request = after.toServer() - before.toServer();
        long answer = after.toClient() - before.toClient();
        for (long k = 0; k < request; k++) {
            cut(FaultPlan.toServer(Faults.none().cut(k, k % 2 == 0 ? Ending.RESET : Ending.CLOSE)));
        }
        for (long k = 0; k < answer; k++) {
            cut(FaultPlan.toClient(Faults.none().cut(k, k % 2 == 0 ? Ending.RESET : Ending.CLOSE)));
        }
        assertThat(told.get(Told.UNKNOWN_AND_NOT_APPENDED)).as("%s", told).isPositive();
        assertThat(told.get(Told.UNKNOWN_AND_APPENDED)).as("%s", told).isPositive();
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
        proxied = LOG.open(TestLog.config(LOG.access().through(proxy.address()))
                .pooler(PostgresConfig.Pooler.TRANSACTION)
                .signal(Signalling.POLL)
                .lockTimeout(Duration.ofMillis(200))
                .socketTimeout(Duration.ofSeconds(3))
                .build());
        cut(FaultPlan.toServer(Faults.none().cut(60, Ending.RESET)));
        cut(FaultPlan.toClient(Faults.none().cut(5, Ending.RESET)));
        assertThat(told).containsOnlyKeys(Told.UNKNOWN_AND_NOT_APPENDED, Told.UNKNOWN_AND_APPENDED);
    }

    private Traffic lastTraffic() {
        List<Traffic> all = proxy.traffic();
        return all.get(all.size() - 1);
    }

    private void appendUndisturbed() {
        proxy.plan(FaultPlan.none());
        while (true) {
            try {
                assertThat(proxied.append(
                                TestLog.append(stream.name(), ExpectedVersion.exactly(version), TestLog.event())))
                        .isInstanceOf(AppendOutcome.Appended.class);
                version++;
                return;
            } catch (AppendOutcomeUnknown e) {
                // The cut came after the last byte of the answer before: this append found the connection broken.
                version += e.resolve().isPresent() ? 1 : 0;
            }
        }
    }

    private void cut(FaultPlan plan) {
        appendUndisturbed();
        proxy.planOnce(plan);
        EventData event = TestLog.event();
        Told answer = append(event);
        told.merge(answer, 1, Integer::sum);
        boolean there = last().map(RecordedEvent::id).equals(Optional.of(event.id()));
        assertThat(there)
                .as("%s %s", plan, answer)
                .isEqualTo(answer == Told.APPENDED || answer == Told.UNKNOWN_AND_APPENDED);
        version += there ? 1 : 0;
        assertThat(direct.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                        .streamVersion())
                .isEqualTo(version);
    }

    private Told append(EventData event) {
        try {
            AppendOutcome outcome =
                    proxied.append(TestLog.append(stream.name(), ExpectedVersion.exactly(version), event));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            return Told.APPENDED;
        } catch (StoreUnavailable e) {
            return Told.NOT_APPENDED;
        } catch (AppendOutcomeUnknown e) {
            proxy.plan(FaultPlan.none());
            Optional<AppendResult> found = e.resolve();
            assertThat(e.resolve()).isEqualTo(found);
            found.ifPresent(result -> assertThat(result.version()).isEqualTo(version + 1));
            return found.isPresent() ? Told.UNKNOWN_AND_APPENDED : Told.UNKNOWN_AND_NOT_APPENDED;
        }
    }

    private Optional<RecordedEvent> last() {
        return direct.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1)).events().stream()
                .findFirst();
    }
}
