package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kafka.KafkaDetour;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.servers.proxy.Ending;
import dev.polylog.servers.proxy.FaultPlan;
import dev.polylog.servers.proxy.FaultProxy;
import dev.polylog.servers.proxy.Faults;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.StreamRead;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections to the broker are cut at random bytes, or swallow everything: the outcome is always what became of it. */
class KafkaCutTest {

    private static final int CUTS = 60;
    private static final int WITHIN_BYTES = 1_200;
    private static final String STREAM = "cut";

    @TempDir
    private Path views;

    private KafkaBackend direct;
    private KafkaBackend proxied;
    private FaultProxy proxy;
    private long version;
    private int doubts;

    @Test
    void the_outcome_is_true_wherever_connections_are_cut_and_where_nobody_answers() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        ServerAddress behind = KafkaDetour.freeAddress();
        proxy = FaultProxy.to(behind);
        try (FaultProxy closing = proxy;
                OwnKafkaServer server = KafkaServers.own(KafkaDetour.through(behind, proxy))) {
            String topic = server.newTopic();
            direct = KafkaBackend.open(config(server.address(), topic));
            proxied = KafkaBackend.open(config(closing.address(), topic));
            try {
                for (int i = 0; i < CUTS; i++) {
                    Ending ending = random.nextBoolean() ? Ending.RESET : Ending.CLOSE;
                    Faults cut = Faults.none().cut(random.nextInt(WITHIN_BYTES), ending);
                    cut(i % 2 == 0 ? FaultPlan.toServer(cut) : FaultPlan.toClient(cut), seed);
                }
                for (int i = 0; i < 3; i++) {
                    cut(FaultPlan.toClient(Faults.none().cut(0, Ending.BLACK_HOLE)), seed);
                    cut(FaultPlan.toServer(Faults.none().cut(0, Ending.BLACK_HOLE)), seed);
                }
                assertThat(doubts).as("appends in doubt").isPositive();
            } finally {
                proxied.close();
                direct.close();
            }
        }
    }

    private KafkaConfig config(ServerAddress address, String topic) {
        return KafkaConfig.builder(List.of(address.toString()), topic)
                .views(views)
                .limits(TestTopic.LIMITS)
                .timeout(Duration.ofSeconds(1))
                .build();
    }

    private void cut(FaultPlan plan, long seed) {
        proxy.plan(plan);
        EventData event = TestTopic.event();
        boolean told = append(event);
        proxy.plan(FaultPlan.none());
        Optional<RecordedEvent> last =
                direct.readStream(StreamRead.backwards(StreamId.of(STREAM), Long.MAX_VALUE, 1)).events().stream()
                        .findFirst();
        assertThat(last.map(RecordedEvent::id).equals(Optional.of(event.id())))
                .as("%s, told %s, seed %d", plan, told, seed)
                .isEqualTo(told);
        version += told ? 1 : 0;
        assertThat(last.map(RecordedEvent::version).orElse(0L)).isEqualTo(version);
    }

    private boolean append(EventData event) {
        try {
            AppendOutcome outcome = proxied.append(TestTopic.append(STREAM, ExpectedVersion.exactly(version), event));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            return true;
        } catch (StoreUnavailable e) {
            return false;
        } catch (AppendOutcomeUnknown e) {
            doubts++;
            proxy.plan(FaultPlan.none());
            return resolved(e).isPresent();
        }
    }

    private static Optional<AppendResult> resolved(AppendOutcomeUnknown unknown) {
        while (true) {
            try {
                Optional<AppendResult> found = unknown.resolve();
                assertThat(unknown.resolve()).isEqualTo(found);
                return found;
            } catch (StoreUnavailable askAgain) {
                // The connection that was cut is being made anew.
            }
        }
    }
}
