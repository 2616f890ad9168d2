package dev.polylog.tck;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.support.BackendContractViolation;
import dev.polylog.spi.support.CheckedBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * What a test of the kit works with: handles on the judged log, names and events that nobody used before, randomness
 * with a printed seed. {@link TckExtension} makes one for each test and closes everything that it opened.
 *
 * <p>Thread-safe, but for {@link #random()}, which belongs to the test's thread.
 */
public final class TckContext {

    private final TckHarness harness;
    private final long seed;
    private final int rounds;
    private final Random random;
    private final Journal journal = new Journal();
    private final List<Handle> handles = new ArrayList<>();
    private final Set<StreamId> own = new LinkedHashSet<>();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private int names;
    private Handle main;
    private Position start;

    TckContext(TckHarness harness, long seed, int rounds) {
        this.harness = harness;
        this.seed = seed;
        this.rounds = rounds;
        this.random = new Random(seed);
        this.main = enter(harness.open());
        this.start = main.backend().status().watermark().head();
    }

    private Handle enter(LogBackend raw) {
        LogBackend backend = journal.record(new CheckedBackend(raw));
        Handle handle = new Handle(backend, EventStore.over(backend));
        synchronized (this) {
            handles.add(handle);
        }
        return handle;
    }

    /**
     * The store that most tests need no more than.
     *
     * @return the store over {@link #backend()}
     */
    public synchronized EventStore store() {
        return main.store();
    }

    /**
     * The backend below {@link #store()}.
     *
     * @return the open backend, checked at every call
     */
    public synchronized LogBackend backend() {
        return main.backend();
    }

    /**
     * What the judged backend declares.
     *
     * @return its traits
     */
    public BackendTraits traits() {
        return backend().traits();
    }

    /**
     * Another handle on the same log, as another process would have.
     *
     * @return a new handle; the context closes it unless the test does
     */
    public Handle another() {
        return enter(harness.open());
    }

    /**
     * A handle whose appends can be made to end unknown: by the harness where it has the power, else by the kit.
     *
     * @return a new handle; the context closes it
     */
    public Faults faults() {
        UnknownOutcomes.Faulty faulty =
                harness instanceof UnknownOutcomes power ? power.openFaulty() : new LostAnswers(harness.open());
        return new Faults(enter(faulty.backend()), faulty);
    }

    /**
     * Closes every handle and opens the log again, as after the end of all processes. The log of a volatile store is
     * gone with that, and what the audit knew of it.
     *
     * @return the new main handle, which {@link #store()} and {@link #backend()} belong to from now on
     */
    public Handle restart() {
        boolean forgets = traits().durability() == Durability.VOLATILE;
        closeAll();
        Handle opened = enter(harness.open());
        synchronized (this) {
            main = opened;
            if (forgets) {
                journal.clear();
                own.clear();
                start = opened.backend().status().watermark().head();
            }
        }
        return opened;
    }

    /**
     * The head that the test found; everything after it was written by the test.
     *
     * @return the position
     */
    public synchronized Position start() {
        return start;
    }

    /**
     * Everything that was appended since the test began.
     *
     * @return the events in their global order
     */
    public List<RecordedEvent> appended() {
        return LogReads.forwards(backend(), start(), 100);
    }

    /**
     * A stream that nobody has written.
     *
     * @return its id, with a category of its own
     */
    public StreamId freshStream() {
        return ownStream(StreamId.of(unique("Tck"), "1"));
    }

    /**
     * Says that a stream is the test's own, so that the audit may require every event in it to come from the test.
     *
     * @param stream a stream that nobody else writes
     * @return the same stream
     */
    public synchronized StreamId ownStream(StreamId stream) {
        own.add(stream);
        return stream;
    }

    /**
     * A name that was not used before.
     *
     * @param prefix what it begins with
     * @return the prefix and some letters and digits, without a hyphen
     */
    public synchronized String unique(String prefix) {
        return prefix + run + "x" + ++names;
    }

    /**
     * A new small event.
     *
     * @return an event with an id of its own
     */
    public EventData event() {
        return EventData.of("TckHappened", "text/plain", Payload.utf8("tck"));
    }

    /**
     * New small events that differ.
     *
     * @param count how many
     * @return events with ids of their own
     */
    public List<EventData> events(int count) {
        List<EventData> events = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            events.add(EventData.of("TckHappened", "text/plain", Payload.utf8("event " + i)));
        }
        return events;
    }

    /**
     * A race that ends within the harness's patience.
     *
     * @param <T> what its racers return
     * @return a new race
     */
    public <T> Rendezvous<T> race() {
        return new Rendezvous<>(patience());
    }

    /**
     * Randomness that the seed repeats. For the test's thread only.
     *
     * @return the same generator at every call
     */
    public Random random() {
        return random;
    }

    /**
     * The seed of {@link #random()}; failures show it, and the configuration parameter
     * {@value TckExtension#SEED} sets it.
     *
     * @return the seed
     */
    public long seed() {
        return seed;
    }

    /**
     * How often a raced test repeats its race; the configuration parameter {@value TckExtension#ROUNDS} sets it.
     *
     * @return the number of rounds
     */
    public int rounds() {
        return rounds;
    }

    /**
     * How long something may take that must happen in the end.
     *
     * @return the harness's patience
     */
    public Duration patience() {
        return harness.patience();
    }

    /**
     * The harness of the judged backend.
     *
     * @return the instance that JUnit made for this test
     */
    public TckHarness harness() {
        return harness;
    }

    /**
     * Waits until something holds.
     *
     * @param what what is waited for, for the failure
     * @param condition asked again and again
     * @throws AssertionError if it does not hold within {@link #patience()}
     */
    public void eventually(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + patience().toNanos();
        try {
            while (!condition.call()) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("within " + patience() + " it did not happen: " + what);
                }
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("could not see whether it happened: " + what, e);
        }
    }

    void audit() {
        LogBackend auditing = journal.record(new CheckedBackend(harness.open()));
        try {
            // A sign of life: without it a store that does nothing would pass tests that only refuse.
            auditing.append(AppendCommand.of(freshStream(), ExpectedVersion.noStream(), List.of(event())));
            new LogAuditor(auditing, start(), ownStreams()).audit(journal.entries());
        } finally {
            auditing.close();
        }
    }

    private synchronized Set<StreamId> ownStreams() {
        return Set.copyOf(own);
    }

    void closeAll() {
        List<Handle> closing;
        synchronized (this) {
            closing = List.copyOf(handles);
            handles.clear();
        }
        Throwable failure = null;
        for (Handle handle : closing) {
            try {
                handle.store().close();
            } catch (RuntimeException | BackendContractViolation e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure instanceof BackendContractViolation violation) {
            throw violation;
        }
        if (failure != null) {
            throw new RuleBroken("L-03", "a handle could not be closed: " + failure);
        }
    }

    /**
     * A handle whose appends can be made to end unknown.
     *
     * @param handle the handle
     * @param faulty how to make them
     */
    public record Faults(Handle handle, UnknownOutcomes.Faulty faulty) {

        /**
         * The store over the handle.
         *
         * @return the store
         */
        public EventStore store() {
            return handle.store();
        }

        /**
         * Makes the next append end unknown.
         *
         * @param moment when its answer gets lost
         */
        public void loseNextAnswer(UnknownOutcomes.Moment moment) {
            faulty.loseNextAnswer(moment);
        }

        /** Lets appends arrive that are on their way. */
        public void deliverLate() {
            faulty.deliverLate();
        }
    }
}
