package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.servers.kafka.OwnKafkaServer;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.RecordingBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The broker is killed again and again, and paused for longer than a record may take, under two processes' worth of writers
 * and a subscription (rules A-05, F-02, S-07). The number of kills is {@code -Dpolylog.kills}; where the machine is slow it
 * ends early, but not before {@code -Dpolylog.kills.least}.
 */
class KafkaFaultTest {

    private static final int WRITERS = 6;
    private static final int KILLS = Integer.getInteger("polylog.kills", 20);
    private static final int LEAST_KILLS = Integer.getInteger("polylog.kills.least", 4);
    private static final Duration BOUND = Duration.ofSeconds(4L * KILLS);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @TempDir
    private Path views;

    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();
    private final AtomicInteger doubts = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();

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
        play((server, random) -> {
            for (int pauses = 0; pauses < 3; pauses++) {
                Thread.sleep(300);
                server.pause();
                Thread.sleep(TIMEOUT.plusSeconds(2).toMillis());
                server.resume();
            }
        });
        assertThat(doubts.get()).as("appends whose outcome was in doubt").isPositive();
    }

    private void play(Harm harm) throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (OwnKafkaServer server = KafkaServers.own()) {
            KafkaConfig config = KafkaConfig.builder(List.of(server.address().toString()), server.newTopic())
                    .views(views)
                    .limits(TestTopic.LIMITS)
                    .timeout(TIMEOUT)
                    .build();
            try (KafkaBackend one = open(config);
                    KafkaBackend two = open(config);
                    EventStore follower = EventStore.over(open(config))) {
                Queue<RecordedEvent> delivered = new ConcurrentLinkedQueue<>();
                Subscription subscription =
                        follower.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.beginning()), delivered::add);
                History history = new History(Position.START);
                List<Future<?>> writers = new ArrayList<>();
                for (int w = 0; w < WRITERS; w++) {
                    LogBackend recorded = new RecordingBackend(w % 2 == 0 ? one : two, history, "writer-" + w);
                    Random own = new Random(random.nextLong());
                    int number = w;
                    writers.add(threads.submit(() -> write(recorded, number, own)));
                }
                harm.until(server, random);
                stop.set(true);
                for (Future<?> writer : writers) {
                    writer.get();
                }
                judge(one, two, history, subscription, List.copyOf(delivered), delivered, seed);
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    /** The time-out is short for the harm to be felt, and a busy machine may take longer to open. */
    private static KafkaBackend open(KafkaConfig config) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreException(StoreUnavailable.class)
                .until(() -> KafkaBackend.open(config), opened -> true);
    }

    private void write(LogBackend backend, int writer, Random random) {
        long own = 0;
        while (!stop.get()) {
            boolean shared = random.nextInt(4) == 0;
            EventData[] events = new EventData[1 + random.nextInt(3)];
            for (int i = 0; i < events.length; i++) {
                events[i] = EventData.json("Written", "{\"writer\":" + writer + "}");
            }
            boolean written = append(
                    backend,
                    shared ? "shared" : "writer-" + writer,
                    shared ? ExpectedVersion.any() : ExpectedVersion.exactly(own),
                    events);
            own += written && !shared ? events.length : 0;
            for (EventData event : events) {
                (written ? acknowledged : refused).add(event.id());
            }
        }
    }

    /** Appends, and finds out what became of it whatever happens. */
    private boolean append(LogBackend backend, String stream, ExpectedVersion expected, EventData... events) {
        try {
            AppendOutcome outcome = backend.append(TestTopic.append(stream, expected, events));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            return true;
        } catch (StoreUnavailable e) {
            pause();
            return false;
        } catch (AppendOutcomeUnknown e) {
            doubts.incrementAndGet();
            while (true) {
                try {
                    return e.resolve().isPresent();
                } catch (StoreUnavailable askAgain) {
                    pause();
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void judge(
            KafkaBackend one,
            KafkaBackend two,
            History history,
            Subscription subscription,
            List<RecordedEvent> soFar,
            Queue<RecordedEvent> delivered,
            long seed) {
        List<RecordedEvent> log = all(one);
        assertThat(log).as("seed %d", seed).isNotEmpty();
        requireSame(log.subList(0, soFar.size()), soFar, seed);
        assertThat(log)
                .extracting(RecordedEvent::id)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(acknowledged)
                .doesNotContainAnyElementsOf(refused);
        assertThat(subscription.awaitPosition(log.get(log.size() - 1).position(), Duration.ofSeconds(30)))
                .as("the subscription went on by itself: %s", subscription.status())
                .isTrue();
        requireSame(log, List.copyOf(delivered), seed);
        requireSame(log, all(two), seed);
        assertThat(two.viewStatus().hash()).isEqualTo(one.viewStatus().hash());
        assertThat(new HistoryChecker(one.traits()).check(history, one))
                .as("seed %d", seed)
                .isEmpty();
    }

    /** One by one, so that a failure shows the first difference and not the whole log. */
    private static void requireSame(List<RecordedEvent> expected, List<RecordedEvent> actual, long seed) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertThat(actual.get(i)).as("event %d, seed %d", i, seed).isEqualTo(expected.get(i));
        }
        assertThat(actual).as("seed %d", seed).hasSameSizeAs(expected);
    }

    private static List<RecordedEvent> all(LogBackend backend) {
        return backend.readAll(LogRead.after(Position.START, Integer.MAX_VALUE)).events();
    }
}
