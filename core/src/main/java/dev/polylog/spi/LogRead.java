package dev.polylog.spi;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import java.util.Objects;

/**
 * A request for one page of everything (rules G-03, G-04).
 *
 * <p>Immutable and thread-safe.
 *
 * @param direction which way
 * @param bound where to begin, itself excluded: forwards the events after it, backwards the events before it; any
 *     position may be given, also one that no event has; forwards never {@link Position#END}
 * @param filter which events
 * @param maxEvents the most events to return, 1 or greater
 * @param maxBytes where payload and metadata reach this many bytes the page ends, with at least one event
 */
public record LogRead(Direction direction, Position bound, Filter filter, int maxEvents, long maxBytes) {

    /** Rejects what makes no sense. */
    public LogRead {
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(bound, "bound");
        Objects.requireNonNull(filter, "filter");
        if (maxEvents < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "maxEvents " + maxEvents + ", maxBytes " + maxBytes + ": expected 1 or more");
        }
        if (direction == Direction.FORWARDS && bound.equals(Position.END)) {
            throw new IllegalArgumentException("a forward read cannot begin after the end of all positions");
        }
    }

    /**
     * A forward page of everything without a limit in bytes.
     *
     * @param bound the position to begin after
     * @param maxEvents the most events to return
     * @return the request
     */
    public static LogRead after(Position bound, int maxEvents) {
        return new LogRead(Direction.FORWARDS, bound, Filter.all(), maxEvents, Long.MAX_VALUE);
    }

    /**
     * A backward page of everything without a limit in bytes.
     *
     * @param bound the position to begin before
     * @param maxEvents the most events to return
     * @return the request
     */
    public static LogRead before(Position bound, int maxEvents) {
        return new LogRead(Direction.BACKWARDS, bound, Filter.all(), maxEvents, Long.MAX_VALUE);
    }

    /**
     * The same request from another place on: the page that follows one that ended there.
     *
     * @param other the position to begin after, or before
     * @return a new request
     */
    public LogRead from(Position other) {
        return new LogRead(direction, other, filter, maxEvents, maxBytes);
    }

    /**
     * The same page for some events only.
     *
     * @param wanted which events
     * @return a new request
     */
    public LogRead withFilter(Filter wanted) {
        return new LogRead(direction, bound, wanted, maxEvents, maxBytes);
    }
}
