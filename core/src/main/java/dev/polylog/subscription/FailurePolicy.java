package dev.polylog.subscription;

import dev.polylog.spi.support.Backoff;
import java.time.Duration;
import java.util.Objects;

/**
 * What happens when a handler fails: so many retries with growing delay, then the subscription stops or the event is
 * parked (rule S-05). An {@link Error} stops the subscription at once.
 *
 * <p>Immutable and thread-safe.
 *
 * @param retries how often a failed event is handled again before giving up, 0 or greater
 * @param backoff the delays between attempts
 * @param then what happens when the last attempt has failed
 */
public record FailurePolicy(int retries, Backoff backoff, Then then) {

    /** Rejects negative retries and null. */
    public FailurePolicy {
        Objects.requireNonNull(backoff, "backoff");
        Objects.requireNonNull(then, "then");
        if (retries < 0) {
            throw new IllegalArgumentException("retries " + retries + ": expected 0 or more");
        }
    }

    /**
     * Retries, then stops: the default, with 5 retries from 100 ms to 10 s.
     *
     * @return the policy
     */
    public static FailurePolicy stop() {
        return new FailurePolicy(5, new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10)), Then.STOP);
    }

    /**
     * Retries, then parks; with 5 retries from 100 ms to 10 s. Needs a durable name.
     *
     * @return the policy
     */
    public static FailurePolicy park() {
        return new FailurePolicy(5, stop().backoff(), Then.PARK);
    }

    /**
     * This policy with another number of retries.
     *
     * @param times how often a failed event is handled again, 0 or greater
     * @return a new policy
     */
    public FailurePolicy retries(int times) {
        return new FailurePolicy(times, backoff, then);
    }

    /**
     * This policy with other delays.
     *
     * @param least the delay before the first retry
     * @param most the greatest delay
     * @return a new policy
     */
    public FailurePolicy backoff(Duration least, Duration most) {
        return new FailurePolicy(retries, new Backoff(least, most), then);
    }

    /** What happens when the last attempt has failed. */
    public enum Then {
        /** The subscription stops with the error; nothing is skipped. */
        STOP,
        /** The event is put aside, later events of its stream with it, and the subscription goes on. */
        PARK
    }
}
