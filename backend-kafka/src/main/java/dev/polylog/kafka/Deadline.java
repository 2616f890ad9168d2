package dev.polylog.kafka;

import java.time.Duration;

/**
 * Until when somebody waits. Immutable and thread-safe.
 *
 * @param nanos a moment of the machine's monotonic clock
 */
record Deadline(long nanos) {

    static Deadline in(Duration patience) {
        return new Deadline(System.nanoTime() + patience.toNanos());
    }

    /** Nanoseconds until then; 0 or less afterwards. */
    long remaining() {
        return nanos - System.nanoTime();
    }

    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, remaining()));
    }
}
