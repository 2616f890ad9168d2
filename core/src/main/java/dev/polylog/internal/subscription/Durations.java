package dev.polylog.internal.subscription;

import java.time.Duration;

/** Durations as nanoseconds that never overflow. Stateless and thread-safe. */
final class Durations {

    private static final Duration GREATEST = Duration.ofNanos(Long.MAX_VALUE / 4);

    private Durations() {}

    static long nanos(Duration duration) {
        return duration.compareTo(GREATEST) > 0 ? GREATEST.toNanos() : duration.toNanos();
    }
}
