package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.StoreUnavailable;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.tck.faults.FaultLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed again and again, and paused for longer than a record may take, under two processes' worth of writers
 * and a subscription (rules A-05, F-02, S-07). The number of kills is {@code -Dpolylog.kills}; where the machine is slow it
 * ends early, but not before {@code -Dpolylog.kills.least}.
 */
class KafkaFaultTest {

    private static final int KILLS = Integer.getInteger("polylog.kills", 20);
    private static final int LEAST_KILLS = Integer.getInteger("polylog.kills.least", 4);
    private static final Duration BOUND = Duration.ofSeconds(4L * KILLS);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    private Path views;

    /** Does harm to a broker until it is enough. */
    private interface Harm {
        void until(OwnKafkaServer server, Random random) throws InterruptedException;
    }

    @Test
    void a_broker_that_is_killed_again_and_again_loses_doubles_and_tears_nothing() throws Exception {
        play((server, random) -> {
            long end = System.nanoTime() + BOUND.toNanos();
            int kills = 0;
            while (kills < KILLS && (kills < LEAST_KILLS || System.nanoTime() < end)) {
                Thread.sleep(100 + random.nextInt(400));
                server.kill();
                kills++;
                server.restart();
            }
            System.out.println("the broker was killed " + kills + " times");
        });
    }

    @Test
    void records_that_are_sent_to_a_paused_broker_are_resolved_and_never_guessed() throws Exception {
        int doubts = play((server, random) -> {
            for (int pauses = 0; pauses < 3; pauses++) {
                Thread.sleep(300);
                server.pause();
                Thread.sleep(TIMEOUT.plusSeconds(2).toMillis());
                server.resume();
            }
        });
        assertThat(doubts).as("appends whose outcome was in doubt").isPositive();
    }

    /** Returns how many appends were in doubt. */
    private int play(Harm harm) throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        try (OwnKafkaServer server = KafkaServers.own()) {
            KafkaConfig config = KafkaConfig.builder(List.of(server.address().toString()), server.newTopic())
                    .views(views)
                    .limits(TestTopic.LIMITS)
                    .timeout(TIMEOUT)
                    .build();
            try (KafkaBackend one = open(config);
                    KafkaBackend two = open(config);
                    EventStore follower = EventStore.over(open(config));
                    FaultLoad load = FaultLoad.begin(seed, follower, List.of(one, two, one, two, one, two))) {
                harm.until(server, new Random(seed));
                load.judge(one, two);
                assertThat(two.viewStatus().hash()).isEqualTo(one.viewStatus().hash());
                return load.doubts();
            }
        }
    }

    /** The time-out is short for the harm to be felt, and a busy machine may take longer to open. */
    private static KafkaBackend open(KafkaConfig config) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreException(StoreUnavailable.class)
                .until(() -> KafkaBackend.open(config), opened -> true);
    }
}
