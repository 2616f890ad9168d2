package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.servers.postgres.OwnPostgresServer;
import dev.polylog.servers.postgres.PostgresServers;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.RecordingBackend;
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
import org.junit.jupiter.api.Test;

/**
 * The server is killed again and again under eight writers and a subscription (rules F-02, A-16, S-07). The number of
 * kills is {@code -Dpolylog.kills}; it ends early, not before three kills, where the machine is slow.
 */
class PostgresCrashTest {

    private static final int WRITERS = 8;
    private static final int KILLS = Integer.getInteger("polylog.kills", 30);
    private static final Duration BOUND = Duration.ofSeconds(2L * KILLS);

    @Test
    void no_acknowledged_event_is_lost_doubled_or_torn() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        AtomicBoolean stop = new AtomicBoolean();
        Queue<RecordedEvent> delivered = new ConcurrentLinkedQueue<>();
        Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        try (OwnPostgresServer server = PostgresServers.own()) {
            PostgresConfig config = TestLog.config(server.access())
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            try (PostgresBackend backend = PostgresBackend.open(config);
                    EventStore follower = EventStore.over(PostgresBackend.open(config))) {
                Subscription subscription =
                        follower.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.beginning()), delivered::add);
                History history = new History(Position.START);
                List<Future<?>> writers = new ArrayList<>();
                for (int w = 0; w < WRITERS; w++) {
                    LogBackend recorded = new RecordingBackend(backend, history, "writer-" + w);
                    Random own = new Random(random.nextLong());
                    int number = w;
                    writers.add(threads.submit(() -> write(recorded, number, own, stop, acknowledged)));
                }
                int kills = killAgainAndAgain(server, random);
                stop.set(true);
                for (Future<?> writer : writers) {
                    writer.get();
                }
                judge(backend, history, subscription, delivered, acknowledged, seed, kills);
            }
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
    }

    private static int killAgainAndAgain(OwnPostgresServer server, Random random) throws InterruptedException {
        long end = System.nanoTime() + BOUND.toNanos();
        int kills = 0;
        while (kills < KILLS && (kills < 3 || System.nanoTime() < end)) {
            Thread.sleep(100 + random.nextInt(300));
            server.kill();
            server.restart();
            kills++;
        }
        return kills;
    }

    private static void write(
            LogBackend backend, int writer, Random random, AtomicBoolean stop, Queue<UUID> acknowledged) {
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
            if (written) {
                own += shared ? 0 : events.length;
                for (EventData event : events) {
                    acknowledged.add(event.id());
                }
            }
        }
    }

    /** Appends, and finds out what became of it whatever happens. */
    private static boolean append(LogBackend backend, String stream, ExpectedVersion expected, EventData... events) {
        try {
            AppendOutcome outcome = backend.append(TestLog.append(stream, expected, events));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
            return true;
        } catch (StoreUnavailable e) {
            pause();
            return false;
        } catch (AppendOutcomeUnknown e) {
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

    private static void judge(
            PostgresBackend backend,
            History history,
            Subscription subscription,
            Queue<RecordedEvent> delivered,
            Queue<UUID> acknowledged,
            long seed,
            int kills) {
        List<RecordedEvent> log = backend.readAll(LogRead.after(Position.START, Integer.MAX_VALUE))
                .events();
        assertThat(log).as("seed %d, %d kills", seed, kills).isNotEmpty();
        assertThat(log)
                .extracting(RecordedEvent::id)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(acknowledged);
        assertThat(subscription.awaitPosition(log.get(log.size() - 1).position(), Duration.ofSeconds(30)))
                .as("the subscription went on by itself: %s", subscription.status())
                .isTrue();
        assertThat(List.copyOf(delivered)).as("seed %d", seed).isEqualTo(log);
        assertThat(new HistoryChecker(backend.traits()).check(history, backend))
                .as("seed %d", seed)
                .isEmpty();
    }
}
