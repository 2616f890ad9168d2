package dev.polylog.subscription;

import dev.polylog.Position;
import java.util.Objects;

/**
 * Where a subscription begins that has no checkpoint yet.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface StartFrom {

    /**
     * With the first event of the log.
     *
     * @return the start that misses nothing
     */
    static StartFrom beginning() {
        return new After(Position.START);
    }

    /**
     * With the first event that is appended after the subscription was made.
     *
     * @return the start that shows only what is new
     */
    static StartFrom head() {
        return Head.INSTANCE;
    }

    /**
     * With the first event after a position.
     *
     * @param position the position, itself excluded
     * @return the start
     */
    static StartFrom after(Position position) {
        return new After(position);
    }

    /** The end of the log at the moment of subscribing; where the store is away then, when it is first back. */
    enum Head implements StartFrom {
        /** The only value. */
        INSTANCE
    }

    /**
     * A position.
     *
     * @param position the position, itself excluded
     */
    record After(Position position) implements StartFrom {

        /** Rejects null. */
        public After {
            Objects.requireNonNull(position, "position");
        }
    }
}
