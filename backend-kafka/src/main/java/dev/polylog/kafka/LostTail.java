package dev.polylog.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether to believe what is said of a log: that it ends before where we stand. A leader that was replaced and does not know
 * it yet says so too, of the log as it was. Hence it must be said again and again for longer than a leader may be unaware;
 * polls that bring nothing meanwhile do not take it back, only records do, and what was said long ago does not count.
 *
 * <p>Used by the thread of the tail alone.
 */
final class LostTail {

    private final long unawareNanos;
    private final LongSupplier nanos;
    private boolean said;
    private long since;
    private long last;

    /**
     * Nothing was said yet.
     *
     * @param unaware for how long a leader that was replaced may not know it; zero where none is ever replaced
     * @param nanos a clock as {@link System#nanoTime()}
     */
    LostTail(Duration unaware, LongSupplier nanos) {
        this.unawareNanos = unaware.toNanos();
        this.nanos = nanos;
    }

    /** It is said, now; whether to believe it. */
    boolean said() {
        long now = nanos.getAsLong();
        if (!said || now - last > unawareNanos) {
            since = now;
        }
        said = true;
        last = now;
        return now - since >= unawareNanos;
    }

    /** Records came from where we stand. */
    void disproved() {
        said = false;
    }
}
