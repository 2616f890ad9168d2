package dev.polylog.memory;

import dev.polylog.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Simulated time: nothing runs and no time passes but by {@link #advance(Duration)} and {@link #runDue()}.
 *
 * <p>Tests own it and drive everything on their own thread: tasks run one after another in the order of their time, and
 * of their scheduling where that is equal. The same calls give the same run. Scheduling is thread-safe; advancing is for
 * one thread at a time.
 */
public final class VirtualTime implements Scheduler {

    private record Task(long dueNanos, long sequence, Runnable action) {}

    private final Instant start;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::dueNanos).thenComparingLong(Task::sequence));
    private long nanos;
    private long sequence;

    /** Time that begins at 2000-01-01T00:00:00Z. */
    public VirtualTime() {
        this(Instant.parse("2000-01-01T00:00:00Z"));
    }

    /**
     * Time that begins at a moment.
     *
     * @param start the first moment
     */
    public VirtualTime(Instant start) {
        this.start = start;
    }

    @Override
    public synchronized Instant now() {
        return start.plusNanos(nanos);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public synchronized Cancellation schedule(Duration delay, Runnable action) {
        Task task = new Task(nanos + Math.max(0, delay.toNanos()), sequence++, action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    /** Runs everything that is due now, and what that makes due, without letting time pass. */
    public void runDue() {
        advance(Duration.ZERO);
    }

    /**
     * Lets time pass, running each task at its moment.
     *
     * @param span how much time passes
     */
    public void advance(Duration span) {
        long end = nanoTime() + span.toNanos();
        for (Task task = next(end); task != null; task = next(end)) {
            task.action().run();
        }
    }

    /**
     * Lets time pass without running anything, as a call that blocks would: what becomes due runs late.
     *
     * @param span how much time passes
     */
    public synchronized void skip(Duration span) {
        nanos += span.toNanos();
    }

    private synchronized @Nullable Task next(long end) {
        Task task = tasks.peek();
        if (task == null || task.dueNanos() > end) {
            nanos = Math.max(nanos, end);
            return null;
        }
        tasks.remove();
        nanos = Math.max(nanos, task.dueNanos());
        return task;
    }
}
