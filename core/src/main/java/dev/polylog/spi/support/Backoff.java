package dev.polylog.spi.support;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: doubling from a least to a greatest delay, with jitter.
 *
 * <p>Immutable and thread-safe if its source of randomness is.
 *
 * @param least the delay after the first failure
 * @param most the greatest delay
 */
public record Backoff(Duration least, Duration most) {

    /** Rejects delays that are not positive or in the wrong order. */
    public Backoff {
        if (least.isNegative() || least.isZero() || most.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "backoff from " + least + " to " + most + ": expected 0 < least <= most");
        }
    }

    /**
     * The delay without jitter.
     *
     * @param failures how many attempts have failed in a row, 1 or greater
     * @return the delay, doubled for each failure after the first, at most {@link #most()}
     */
    public Duration delay(int failures) {
        int doublings = Math.min(Math.max(0, failures - 1), 30);
        long nanos = least.toNanos();
        return nanos > most.toNanos() >> doublings ? most : Duration.ofNanos(nanos << doublings);
    }

    /**
     * The delay with jitter, so that many who failed together do not come back together.
     *
     * @param failures how many attempts have failed in a row, 1 or greater
     * @param random the source of randomness
     * @return between half of {@link #delay(int)} and the whole
     */
    public Duration jittered(int failures, RandomGenerator random) {
        long nanos = delay(failures).toNanos();
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }
}
