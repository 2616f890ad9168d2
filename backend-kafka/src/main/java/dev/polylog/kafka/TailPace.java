package dev.polylog.kafka;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Says when the tail is to read.
 *
 * <p>While records of our own follow one another without a gap, each is known from its acknowledgement, and fetching it back
 * would cost the broker and us as much again. So the tail rests until a gap shows that somebody else wrote, somebody waits for
 * the view, or nothing of our own has come for {@value #QUIET_MILLIS} ms, but not longer than {@value #LONGEST_MILLIS} ms.
 *
 * <p>Thread-safe.
 */
final class TailPace {

    static final long QUIET_MILLIS = 20;
    static final long LONGEST_MILLIS = 500;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final LongSupplier clock;
    private volatile long followedAt;
    private volatile boolean needed;

    /** A pace at which nothing of our own has come yet, on a clock of nanoseconds. */
    TailPace(LongSupplier clock) {
        this.clock = clock;
        this.followedAt = clock.getAsLong() - TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
    }

    /** Our own records have followed without a gap. */
    void followed() {
        followedAt = clock.getAsLong();
    }

    /** There is, or may be, something that only the tail can bring. */
    void needNow() {
        if (needed) {
            return;
        }
        lock.lock();
        try {
            needed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The tail waits until it is time to read. */
    void await() throws InterruptedException {
        long begun = clock.getAsLong();
        lock.lock();
        try {
            long left = left(begun);
            while (!needed && left > 0) {
                changed.awaitNanos(left);
                left = left(begun);
            }
            needed = false;
        } finally {
            lock.unlock();
        }
    }

    private long left(long begun) {
        long now = clock.getAsLong();
        long quiet = followedAt + TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS) - now;
        long longest = begun + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS) - now;
        return Math.min(quiet, longest);
    }
}
