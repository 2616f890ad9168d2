package dev.polylog;

import dev.polylog.internal.SystemScheduler;
import java.time.Duration;
import java.time.Instant;

/**
 * Time and threads, injected: everything in core that waits or runs beside its caller does so through this.
 *
 * <p>{@link #system()} is the real one; {@code dev.polylog.memory.VirtualTime} is simulated, so that hours pass in
 * milliseconds and a run can be repeated exactly. Implementations are thread-safe.
 */
public interface Scheduler {

    /**
     * Real time, and daemon threads that come and go with the work.
     *
     * @return the one scheduler of that kind
     */
    static Scheduler system() {
        return SystemScheduler.INSTANCE;
    }

    /**
     * The time of day, for people and records.
     *
     * @return now
     */
    Instant now();

    /**
     * A clock for spans of time, unrelated to the time of day.
     *
     * @return nanoseconds since some fixed moment
     */
    long nanoTime();

    /**
     * Runs a task soon, beside the caller. The task may block.
     *
     * @param task what to run
     */
    void execute(Runnable task);

    /**
     * Runs a task after a while, beside the caller. The task may block.
     *
     * @param delay how long to wait
     * @param task what to run
     * @return takes the task back if it has not begun
     */
    Cancellation schedule(Duration delay, Runnable task);

    /** Takes back what was scheduled. Thread-safe. */
    @FunctionalInterface
    interface Cancellation {

        /** Takes the task back if it has not begun; else does nothing. */
        void cancel();
    }
}
