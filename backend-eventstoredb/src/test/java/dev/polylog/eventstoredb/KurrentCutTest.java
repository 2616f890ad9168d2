package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.servers.proxy.Traffic;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.StreamRead;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The connection is cut at every byte of an append's exchange: the outcome is always what became of it. */
class KurrentCutTest {

    private enum Told {
        APPENDED,
        NOT_APPENDED,
        UNKNOWN_AND_APPENDED
    }

    private static final StreamId STREAM = StreamId.of("cut-1");

    private final Map<Told, Integer> told = new EnumMap<>(Told.class);
    private final KurrentServer server = KurrentServers.own(KurrentVersion.V25_1);
    private final FaultProxy proxy = FaultProxy.to(server);
    private final KurrentLog log = new KurrentLog();
    private KurrentBackend direct;
    private KurrentBackend proxied;
    private long version;

    @BeforeEach
    void openThroughTheProxy() {
        direct = log.open(server.url());
        proxied = log.open("kurrentdb://" + proxy.address() + "?tls=false&discoveryInterval=20&timeout=2s");
    }

    @AfterEach
    void close() throws Exception {
        proxy.plan(FaultPlan.none());
        log.close();
        proxy.close();
        server.close();
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
                                KurrentLog.append(STREAM.name(), ExpectedVersion.exactly(version), KurrentLog.event())))
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
        EventData event = KurrentLog.event();
        Told answer = append(event);
        told.merge(answer, 1, Integer::sum);
        boolean there = last().map(RecordedEvent::id).equals(Optional.of(event.id()));
        assertThat(there).as("%s %s", plan, answer).isEqualTo(answer != Told.NOT_APPENDED);
        version += there ? 1 : 0;
        assertThat(direct.readStream(StreamRead.backwards(STREAM, Long.MAX_VALUE, 1))
                        .streamVersion())
                .isEqualTo(version);
    }

    private Told append(EventData event) {
        try {
            AppendOutcome outcome =
                    proxied.append(KurrentLog.append(STREAM.name(), ExpectedVersion.exactly(version), event));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            return Told.APPENDED;
        } catch (StoreUnavailable e) {
            return Told.NOT_APPENDED;
        } catch (AppendOutcomeUnknown e) {
            proxy.plan(FaultPlan.none());
            Optional<AppendResult> found = e.resolve();
            assertThat(e.resolve()).isEqualTo(found);
            assertThat(found.orElseThrow().version()).isEqualTo(version + 1);
            return Told.UNKNOWN_AND_APPENDED;
        }
    }

    private Optional<RecordedEvent> last() {
        return direct.readStream(StreamRead.backwards(STREAM, Long.MAX_VALUE, 1)).events().stream()
                .findFirst();
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
        assertThat(told.get(Told.UNKNOWN_AND_APPENDED)).as("%s", told).isGreaterThan(50);
    }

    @Test
    void the_outcome_is_true_where_nobody_answers_any_more() {
        cut(FaultPlan.toServer(Faults.none().cut(0, Ending.BLACK_HOLE)));
        cut(FaultPlan.toServer(Faults.none().cut(50, Ending.BLACK_HOLE)));
        cut(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)));
        assertThat(told).containsOnlyKeys(Told.UNKNOWN_AND_APPENDED);
    }
}
