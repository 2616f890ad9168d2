package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.dynamodb.DynamoServers;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.servers.proxy.Traffic;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.StreamRead;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
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
class DynamoCutTest {

    private enum Told {
        APPENDED,
        NOT_APPENDED,
        UNKNOWN_AND_APPENDED,
        UNKNOWN_AND_NOT_APPENDED
    }

    /** How many bytes go each way. */
    private record Exchange(long toServer, long toClient) {}

    /** Each takes its whole timeout. */
    private static final int LASTING_CUTS = 12;

    @RegisterExtension
    final TestLog log = new TestLog();

    private final Map<Told, Integer> told = new EnumMap<>(Told.class);
    private final List<String> refusals = new ArrayList<>();
    private final StreamId stream = StreamId.of("cut-" + UUID.randomUUID());
    private FaultProxy proxy;
    private DynamoBackend direct;
    private DynamoBackend proxied;
    private long version;

    @BeforeEach
    void openThroughTheProxy() {
        proxy = FaultProxy.to(DynamoServers.shared().address());
        direct = log.open();
        proxied = log.open(log.config()
                .endpoint(URI.create("http://" + proxy.address()))
                .timeout(Duration.ofSeconds(20))
                .build());
    }

    @AfterEach
    void closeTheProxy() {
        proxy.close();
    }

    @Test
    void wherever_the_connection_is_cut_once_the_append_is_written_exactly_once() {
        Exchange exchange = exchange();
        for (long k = 0; k < exchange.toServer(); k++) {
            cutOnce(FaultPlan.toServer(Faults.none().cut(k, ending(k))));
        }
        for (long k = 0; k < exchange.toClient(); k++) {
            cutOnce(FaultPlan.toClient(Faults.none().cut(k, ending(k))));
        }
        assertThat(refusals).isEmpty();
        assertThat(told).containsOnlyKeys(Told.APPENDED);
        assertThat(direct.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                        .streamVersion())
                .isEqualTo(version);
    }

    @Test
    void where_no_connection_gets_any_further_the_outcome_is_unknown_and_can_be_resolved() {
        Exchange exchange = exchange();
        proxied.close();
        proxied = log.open(log.config()
                .endpoint(URI.create("http://" + proxy.address()))
                .timeout(Duration.ofMillis(600))
                .callTimeout(Duration.ofMillis(300))
                .build());
        for (int i = 0; i < LASTING_CUTS; i++) {
            cutForGood(FaultPlan.toServer(Faults.none().cut(exchange.toServer() * i / LASTING_CUTS, ending(i))));
            cutForGood(FaultPlan.toClient(Faults.none().cut(exchange.toClient() * i / LASTING_CUTS, ending(i))));
        }
        cutForGood(FaultPlan.toServer(Faults.none().cut(50, Ending.BLACK_HOLE)));
        cutForGood(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)));
        assertThat(told).containsKeys(Told.UNKNOWN_AND_APPENDED, Told.UNKNOWN_AND_NOT_APPENDED);
    }

    private static Ending ending(long k) {
        return k % 2 == 0 ? Ending.RESET : Ending.CLOSE;
    }

    /** What one append costs in bytes, on a connection that is open. */
    private Exchange exchange() {
        append(TestLog.event());
        Traffic before = lastTraffic();
        append(TestLog.event());
        Traffic after = lastTraffic();
        assertThat(after.connection()).isEqualTo(before.connection());
        told.clear();
        return new Exchange(after.toServer() - before.toServer(), after.toClient() - before.toClient());
    }

    private Traffic lastTraffic() {
        List<Traffic> all = proxy.traffic();
        return all.get(all.size() - 1);
    }

    private void cutOnce(FaultPlan plan) {
        proxy.planOnce(plan);
        told.merge(append(TestLog.event()), 1, Integer::sum);
    }

    private void cutForGood(FaultPlan plan) {
        proxy.plan(plan);
        Told answer = append(TestLog.event());
        told.merge(answer, 1, Integer::sum);
        assertThat(direct.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                        .streamVersion())
                .as("%s %s", plan, answer)
                .isEqualTo(version);
        proxy.plan(FaultPlan.none());
    }

    private Told append(EventData event) {
        try {
            AppendOutcome outcome =
                    proxied.append(TestLog.append(stream.name(), ExpectedVersion.exactly(version), event));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            version++;
            assertThat(((AppendOutcome.Appended) outcome).result().version()).isEqualTo(version);
            return Told.APPENDED;
        } catch (StoreUnavailable e) {
            refusals.add(String.valueOf(e.getMessage()));
            return Told.NOT_APPENDED;
        } catch (AppendOutcomeUnknown e) {
            proxy.plan(FaultPlan.none());
            Optional<AppendResult> found = e.resolve();
            assertThat(e.resolve()).isEqualTo(found);
            version += found.isPresent() ? 1 : 0;
            return found.isPresent() ? Told.UNKNOWN_AND_APPENDED : Told.UNKNOWN_AND_NOT_APPENDED;
        }
    }
}
