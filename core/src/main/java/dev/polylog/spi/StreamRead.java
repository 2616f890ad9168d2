package dev.polylog.spi;

import dev.polylog.Direction;
import dev.polylog.StreamId;
import java.util.Objects;

/**
 * A request for one page of a stream (rules ).
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream
 * @param direction which way
 * @param from the version to begin with, itself included; forwards 0 and 1 are the same, backwards a version beyond the
 *     end begins at the end ({@link Long#MAX_VALUE} always does)
 * @param maxEvents the most events to return, 1 or greater
 * @param maxBytes where payload and metadata reach this many bytes the page ends, with at least one event
 */
public record StreamRead(StreamId stream, Direction direction, long from, int maxEvents, long maxBytes) {

    /** Rejects what makes no sense. */
    public StreamRead {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(direction, "direction");
        if (from < 0 || maxEvents < 1 || maxBytes < 1) {
            throw new IllegalArgumentException("from " + from + ", maxEvents " + maxEvents + ", maxBytes " + maxBytes
                    + ": expected 0, 1 and 1 or more");
        }
    }

    /**
     * A forward page without a limit in bytes.
     *
     * @param stream the stream
     * @param from the version to begin with
     * @param maxEvents the most events to return
     * @return the request
     */
    public static StreamRead forwards(StreamId stream, long from, int maxEvents) {
        return new StreamRead(stream, Direction.FORWARDS, from, maxEvents, Long.MAX_VALUE);
    }

    /**
     * A backward page without a limit in bytes.
     *
     * @param stream the stream
     * @param from the version to begin with
     * @param maxEvents the most events to return
     * @return the request
     */
    public static StreamRead backwards(StreamId stream, long from, int maxEvents) {
        return new StreamRead(stream, Direction.BACKWARDS, from, maxEvents, Long.MAX_VALUE);
    }
}
