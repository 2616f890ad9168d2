package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.LogBackend;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Writers and a subscription that go on while a test harms the store; in the end it is judged whether everybody was told
 * the truth and nothing was lost, doubled or torn (rules, F-01, F-02, S-07).
 *
 * <p>For tests of backends, on a log that is empty at first and that nobody else writes:
 *
 * <pre>{@code
 * try (FaultLoad load = FaultLoad.begin(seed, EventStore.over(follower), List.of(one, one, two, two))) {
 *     // kill the server and start it again, as often as you like
 *     load.judge(one, two);
 * }
 * }</pre>
 *
 * <p>Each writer appends one to three events at a time: mostly to a stream of its own with the exact version, else to one
 * that all share. Begun and judged by one thread. What is found broken is an {@link AssertionError} that names the seed.
 */
public final class FaultLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final long seed;
    private final History history = new History(Position.START);
    private final Queue<UUID> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<UUID> refused = new ConcurrentLinkedQueue<>();
    private final Queue<RecordedEvent> delivered = new ConcurrentLinkedQueue<>();
    private final AtomicInteger doubts = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> writers = new ArrayList<>();
    private final Subscription subscription;

    private FaultLoad(long seed, EventStore follower) {
        this.seed = seed;
        this.subscription =
                follower.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.beginning()), delivered::add);
    }

    /**
     * Begins to write and to follow.
     *
     * @param seed where the writers' draws come from
     * @param follower gets everything from the beginning; not closed with the load
     * @param backends one for each writer, the same one as often as it is listed; not closed with the load
     * @return the load that is under way
     */
    public static FaultLoad begin(long seed, EventStore follower, List<? extends LogBackend> backends) {
        FaultLoad load = new FaultLoad(seed, follower);
        Random random = new Random(seed);
        for (LogBackend backend : backends) {
            load.beginWriter("writer-" + load.writers.size(), backend, new Random(random.nextLong()));
        }
        return load;
    }

    private void beginWriter(String name, LogBackend backend, Random random) {
        LogBackend recorded = new RecordingBackend(backend, history, name);
        writers.add(threads.submit(() -> write(recorded, name, random)));
    }

    private void write(LogBackend backend, String name, Random random) {
        long own = 0;
        while (!stop.get()) {
            boolean shared = random.nextInt(4) == 0;
            List<EventData> events = new ArrayList<>();
            for (int i = 1 + random.nextInt(3); i > 0; i--) {
                events.add(EventData.json("Written", "{\"writer\":\"" + name + "\"}"));
            }
            Told told = SureAppend.append(
                    backend,
                    AppendCommand.of(
                            StreamId.of(shared ? "shared" : name),
                            shared ? ExpectedVersion.any() : ExpectedVersion.exactly(own),
                            events));
            own += told.written() && !shared ? events.size() : 0;
            note(told, events);
            if (told == Told.NOT_APPENDED) {
                SureAppend.pause();
            }
        }
    }

    private void note(Told told, List<EventData> events) {
        events.forEach(event -> (told.written() ? acknowledged : refused).add(event.id()));
        doubts.addAndGet(told.doubted() ? 1 : 0);
    }

    /**
     * How many appends had an unknown outcome so far.
     *
     * @return a count; 0 where the harm was not felt
     */
    public int doubts() {
        return doubts.get();
    }

    /**
     * Ends the writers and judges: what was acknowledged is in the log once, what was refused is not; the subscription
     * went on by itself and was given the log, in order and once; all handles read the same; and the history of what every
     * writer was told agrees with it.
     *
     * @param handle an open backend on the log
     * @param others more of them
     * @throws InterruptedException if interrupted while the writers end
     * @throws AssertionError if any of this is not so, or a writer failed
     */
    public void judge(LogBackend handle, LogBackend... others) throws InterruptedException {
        endWriters();
        List<RecordedEvent> soFar = List.copyOf(delivered);
        List<RecordedEvent> log = log(handle);
        assertThat(log).as("the log, seed %d", seed).isNotEmpty();
        assertThat(log).as("the log, seed %d", seed).hasSizeGreaterThanOrEqualTo(soFar.size());
        requireSame("delivered so far", log.subList(0, soFar.size()), soFar);
        assertThat(log)
                .extracting(RecordedEvent::id)
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(acknowledged)
                .noneMatch(refused::contains, "refused, and there all the same");
        assertThat(subscription.awaitPosition(log.get(log.size() - 1).position(), PATIENCE))
                .as("the subscription went on by itself: %s, seed %d", subscription.status(), seed)
                .isTrue();
        requireSame("delivered", log, List.copyOf(delivered));
        for (LogBackend other : others) {
            requireSame("read by another handle", log, log(other));
        }
        assertThat(new HistoryChecker(handle.traits()).check(history, handle))
                .as("what the history broke, seed %d", seed)
                .isEmpty();
    }

    private void endWriters() throws InterruptedException {
        stop.set(true);
        for (Future<?> writer : writers) {
            try {
                writer.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a writer failed, seed " + seed, e.getCause());
            }
        }
    }

    private static List<RecordedEvent> log(LogBackend backend) {
        return EventStore.over(backend).readAll().toList();
    }

    /** One by one, so that a failure shows the first difference and not the whole log. */
    private void requireSame(String what, List<RecordedEvent> expected, List<RecordedEvent> actual) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            assertThat(actual.get(i)).as("event %d %s, seed %d", i, what, seed).isEqualTo(expected.get(i));
        }
        assertThat(actual).as("%s, seed %d", what, seed).hasSameSizeAs(expected);
    }

    /** Ends the writers and the subscription where the test failed before they were judged. */
    @Override
    public void close() {
        stop.set(true);
        threads.shutdownNow();
        subscription.close();
    }
}
