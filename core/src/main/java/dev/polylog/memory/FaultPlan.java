package dev.polylog.memory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong in a {@link MemoryBackend}, and when.
 *
 * <p>Tests own it and may change it while the backend is used. Thread-safe.
 */
public final class FaultPlan {

    /** What happens to one append. */
    public enum Fault {
        /** It fails with {@link dev.polylog.StoreUnavailable}; nothing is written. */
        UNAVAILABLE,
        /** Its outcome is unknown; nothing was written. */
        UNKNOWN_BEFORE_COMMIT,
        /** Its outcome is unknown; everything was written. */
        UNKNOWN_AFTER_COMMIT,
        /** Its outcome is unknown; it is still on its way and arrives by {@link MemoryBackend#deliverLate()}. */
        UNKNOWN_IN_FLIGHT
    }

    private final Deque<Fault> appends = new ArrayDeque<>();
    private Duration appendDelay = Duration.ZERO;
    private Duration readDelay = Duration.ZERO;
    private boolean outage;
    private boolean signalsLost;

    /** A plan in which nothing goes wrong. */
    public FaultPlan() {}

    /**
     * Makes an append fail: the next one, or the one after those that were planned before.
     *
     * @param fault what happens to it
     */
    public synchronized void nextAppend(Fault fault) {
        appends.add(fault);
    }

    /**
     * Makes every append take longer.
     *
     * @param delay how long, before anything else happens
     */
    public synchronized void delayAppends(Duration delay) {
        appendDelay = delay;
    }

    /**
     * Makes every read take longer.
     *
     * @param delay how long, before anything else happens
     */
    public synchronized void delayReads(Duration delay) {
        readDelay = delay;
    }

    /**
     * Makes the store go away or come back: while it is away every call fails with
     * {@link dev.polylog.StoreUnavailable}.
     *
     * @param away whether it is away
     */
    public synchronized void outage(boolean away) {
        outage = away;
    }

    /**
     * Makes signals get lost.
     *
     * @param lost whether no listener is called any more
     */
    public synchronized void loseSignals(boolean lost) {
        signalsLost = lost;
    }

    synchronized @Nullable Fault takeAppendFault() {
        return appends.poll();
    }

    synchronized Duration appendDelay() {
        return appendDelay;
    }

    synchronized Duration readDelay() {
        return readDelay;
    }

    synchronized boolean isOutage() {
        return outage;
    }

    synchronized boolean areSignalsLost() {
        return signalsLost;
    }
}
