package dev.polylog.servers.proxy;

import java.time.Duration;
import java.util.Optional;

/**
 * What happens to the bytes of one direction.
 *
 * <p>Immutable and thread-safe.
 *
 * @param leastDelay how long each piece of data waits at least before it passes
 * @param mostDelay how long it waits at most; the delay of each piece is drawn between the two
 * @param cut where the direction ends, if it does
 */
public record Faults(Duration leastDelay, Duration mostDelay, Optional<Cut> cut) {

    private static final Faults NONE = new Faults(Duration.ZERO, Duration.ZERO, Optional.empty());

    /** Rejects negative delays and delays in the wrong order. */
    public Faults {
        if (leastDelay.isNegative() || mostDelay.compareTo(leastDelay) < 0) {
            throw new IllegalArgumentException(
                    "delay from " + leastDelay + " to " + mostDelay + ": expected 0 <= least <= most");
        }
    }

    /**
     * Everything passes at once.
     *
     * @return no faults
     */
    public static Faults none() {
        return NONE;
    }

    /**
     * The same with a delay of each piece.
     *
     * @param least the shortest
     * @param most the longest
     * @return the changed copy
     */
    public Faults delayed(Duration least, Duration most) {
        return new Faults(least, most, cut);
    }

    /**
     * The same with an end.
     *
     * @param afterBytes how many bytes pass before it
     * @param ending how it ends
     * @return the changed copy
     */
    public Faults cut(long afterBytes, Ending ending) {
        return new Faults(leastDelay, mostDelay, Optional.of(new Cut(afterBytes, ending)));
    }
}
