package dev.polylog.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A race: all racers start from one barrier on threads of their own, all are waited for, and what became of each is a
 * value. Watchers do the same thing again and again until the last racer has finished, and then once more.
 *
 * <p>Tests get one from {@link TckContext#race()} and use it once, on one thread. Whoever does not finish in time is
 * named in the failure together with where it stood.
 *
 * @param <T> what racers return
 */
public final class Rendezvous<T> {

    /** A watcher's body. */
    @FunctionalInterface
    public interface Look {

        /**
         * Looks once; fails by throwing.
         *
         * @throws Exception if what was seen breaks a rule
         */
        void look() throws Exception;
    }

    private final Duration patience;
    private final List<Callable<T>> racers = new ArrayList<>();
    private final List<Look> watchers = new ArrayList<>();

    Rendezvous(Duration patience) {
        this.patience = patience;
    }

    /**
     * Adds a racer.
     *
     * @param racer what it does
     * @return this
     */
    public Rendezvous<T> racer(Callable<T> racer) {
        racers.add(racer);
        return this;
    }

    /**
     * Adds several racers.
     *
     * @param count how many
     * @param racer what each does, by number from 0
     * @return this
     */
    public Rendezvous<T> racers(int count, IntFunction<Callable<T>> racer) {
        for (int i = 0; i < count; i++) {
            racers.add(racer.apply(i));
        }
        return this;
    }

    /**
     * Adds a watcher, whose failure is the race's failure.
     *
     * @param watcher what it does, again and again
     * @return this
     */
    public Rendezvous<T> watcher(Look watcher) {
        watchers.add(watcher);
        return this;
    }

    /**
     * Runs the race and waits for everybody.
     *
     * @return what became of each racer, in the order in which they were added
     * @throws AssertionError if somebody does not finish in time, or a watcher failed
     */
    public Outcomes<T> run() {
        int all = racers.size() + watchers.size();
        CyclicBarrier barrier = new CyclicBarrier(all);
        CountDownLatch racing = new CountDownLatch(racers.size());
        AtomicReferenceArray<@Nullable Outcome<T>> results = new AtomicReferenceArray<>(racers.size());
        AtomicReferenceArray<@Nullable Throwable> complaints = new AtomicReferenceArray<>(watchers.size());
        List<Thread> threads = new ArrayList<>(all);
        for (int i = 0; i < racers.size(); i++) {
            int number = i;
            threads.add(new Thread(() -> race(number, barrier, racing, results), "tck-racer-" + number));
        }
        for (int i = 0; i < watchers.size(); i++) {
            int number = i;
            threads.add(new Thread(() -> watch(number, barrier, racing, complaints), "tck-watcher-" + number));
        }
        threads.forEach(thread -> thread.setDaemon(true));
        threads.forEach(Thread::start);
        join(threads);
        return new Outcomes<>(collect(results, complaints));
    }

    private void race(
            int number,
            CyclicBarrier barrier,
            CountDownLatch racing,
            AtomicReferenceArray<@Nullable Outcome<T>> results) {
        try {
            barrier.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            results.set(number, new Outcome.Returned<>(racers.get(number).call()));
        } catch (Throwable e) { // whatever it is, it is the racer's outcome
            results.set(number, new Outcome.Threw<>(e));
        } finally {
            racing.countDown();
        }
    }

    private void watch(
            int number,
            CyclicBarrier barrier,
            CountDownLatch racing,
            AtomicReferenceArray<@Nullable Throwable> complaints) {
        try {
            barrier.await(patience.toNanos(), TimeUnit.NANOSECONDS);
            boolean last;
            do {
                last = racing.getCount() == 0;
                watchers.get(number).look();
            } while (!last);
        } catch (Throwable e) { // reported by the thread that runs the race
            complaints.set(number, e);
        }
    }

    private void join(List<Thread> threads) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Thread> late = new ArrayList<>();
        try {
            for (Thread thread : threads) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
                if (thread.isAlive()) {
                    late.add(thread);
                }
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a race", e);
        }
        if (!late.isEmpty()) {
            throw hanging(late);
        }
    }

    private AssertionError hanging(List<Thread> late) {
        AssertionError error =
                new AssertionError(late.size() + " of " + (racers.size() + watchers.size()) + " did not finish within "
                        + patience + ": " + late.stream().map(Thread::getName).toList());
        for (Thread thread : late) {
            IllegalStateException where = new IllegalStateException(thread.getName() + " stood here");
            where.setStackTrace(thread.getStackTrace());
            error.addSuppressed(where);
            thread.interrupt();
        }
        return error;
    }

    private static <T> List<Outcome<T>> collect(
            AtomicReferenceArray<@Nullable Outcome<T>> results, AtomicReferenceArray<@Nullable Throwable> complaints) {
        for (int i = 0; i < complaints.length(); i++) {
            Throwable complaint = complaints.get(i);
            if (complaint != null) {
                throw new AssertionError("a watcher saw what must not be seen: " + complaint.getMessage(), complaint);
            }
        }
        List<Outcome<T>> outcomes = new ArrayList<>();
        for (int i = 0; i < results.length(); i++) {
            Outcome<T> outcome = results.get(i);
            if (outcome == null) {
                throw new AssertionError("racer " + i + " ended without an outcome");
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /**
     * What became of a racer.
     *
     * @param <T> what racers return
     */
    public sealed interface Outcome<T> {

        /**
         * It returned.
         *
         * @param value what it returned
         * @param <T> what racers return
         */
        record Returned<T>(T value) implements Outcome<T> {}

        /**
         * It threw.
         *
         * @param thrown what it threw
         * @param <T> what racers return
         */
        record Threw<T>(Throwable thrown) implements Outcome<T> {}
    }

    /**
     * What became of all racers.
     *
     * @param all one for each, in the order in which they were added
     * @param <T> what racers return
     */
    public record Outcomes<T>(List<Outcome<T>> all) {

        /** Copies the list. */
        public Outcomes {
            all = List.copyOf(all);
        }

        /**
         * What the racers returned that returned.
         *
         * @return the values, in the order of the racers
         */
        public List<T> values() {
            List<T> values = new ArrayList<>();
            for (Outcome<T> outcome : all) {
                if (outcome instanceof Outcome.Returned<T> returned) {
                    values.add(returned.value());
                }
            }
            return values;
        }

        /**
         * What the racers threw that threw.
         *
         * @return the exceptions, in the order of the racers
         */
        public List<Throwable> failures() {
            List<Throwable> failures = new ArrayList<>();
            for (Outcome<T> outcome : all) {
                if (outcome instanceof Outcome.Threw<T> threw) {
                    failures.add(threw.thrown());
                }
            }
            return failures;
        }

        /**
         * The values, where nobody may have thrown.
         *
         * @return one value for each racer
         * @throws AssertionError if somebody threw
         */
        public List<T> allReturned() {
            List<Throwable> failures = failures();
            if (!failures.isEmpty()) {
                AssertionError error = new AssertionError(
                        failures.size() + " of " + all.size() + " racers failed, first with: " + failures.get(0),
                        failures.get(0));
                failures.stream().skip(1).forEach(error::addSuppressed);
                throw error;
            }
            return values();
        }
    }
}
