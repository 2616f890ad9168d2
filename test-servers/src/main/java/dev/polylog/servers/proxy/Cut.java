package dev.polylog.servers.proxy;

/**
 * An end after an exact number of bytes of one direction.
 *
 * <p>Immutable and thread-safe.
 *
 * @param afterBytes how many bytes of a connection pass from the moment that the plan is there; 0 ends at once
 * @param ending what happens then, without waiting for a further byte
 */
public record Cut(long afterBytes, Ending ending) {

    /** Rejects a negative number. */
    public Cut {
        if (afterBytes < 0) {
            throw new IllegalArgumentException("cut after " + afterBytes + " bytes: expected 0 or more");
        }
    }
}
