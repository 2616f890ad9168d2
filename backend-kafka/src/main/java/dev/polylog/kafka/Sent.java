package dev.polylog.kafka;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A record that the writer has given to the client, until the log has decided it. Thread-safe.
 */
final class Sent {

    private final int epoch;
    private final long sequence;
    private @Nullable Decision decision;
    private long offset = -1;
    private @Nullable Throwable failure;

    Sent(int epoch, long sequence) {
        this.epoch = epoch;
        this.sequence = sequence;
    }

    int epoch() {
        return epoch;
    }

    long sequence() {
        return sequence;
    }

    /** It is not in the log, or without effect; the first decision stays. */
    void late() {
        decided(new Decision.Late(), -1);
    }

    /** The log has decided by the record at an offset; the first decision stays. */
    synchronized void decided(Decision made, long at) {
        if (decision == null) {
            decision = made;
            offset = at;
            notifyAll();
        }
    }

    /** The client gave it up; the log may decide it all the same. */
    synchronized void failed(Throwable why) {
        failure = why;
        notifyAll();
    }

    synchronized @Nullable Decision decision() {
        return decision;
    }

    /** Where the log has it; -1 where it does not. */
    synchronized long offset() {
        return offset;
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /**
     * Waits until the log has decided, the client has given up, or the time is over. An interruption does not end it: what
     * was sent cannot be taken back; it is noted for later.
     *
     * @return the decision, or null where there is none yet
     */
    @Nullable
    Decision await(Deadline deadline) {
        boolean interrupted = false;
        try {
            synchronized (this) {
                while (decision == null && failure == null) {
                    long left = deadline.remaining();
                    if (left <= 0) {
                        return null;
                    }
                    try {
                        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                return decision;
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
