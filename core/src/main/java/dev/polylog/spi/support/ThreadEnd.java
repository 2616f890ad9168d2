package dev.polylog.spi.support;

import java.time.Duration;

/**
 * The end of a thread that somebody has been told to end, and for which its owner waits while closing.
 *
 * <p>Backends use it behind {@link SignalListeners.Watch#join(Duration)} and wherever else they end a thread of their own.
 * Stateless and thread-safe. Rule L-03.
 */
public final class ThreadEnd {

    private ThreadEnd() {}

    /**
     * Waits until a thread has ended, but not for ever; returns at once where the caller is that thread. A caller that is
     * interrupted goes on at once and stays interrupted.
     *
     * @param thread the thread, which was told to end; one that was never started counts as ended
     * @param bound how long to wait at most
     */
    public static void await(Thread thread, Duration bound) {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            // No time at all would mean for ever.
            thread.join(Math.max(1, bound.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
