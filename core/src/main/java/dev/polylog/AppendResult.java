package dev.polylog;

import java.util.List;

/**
 * Where the events of an append stand.
 *
 * <p>Immutable and thread-safe.
 *
 * @param streams one entry for each written stream, in the order in which they were given; never empty
 * @param position the position of the append's last event
 * @param repeated true if the events had been appended before, by an earlier call with the same ids; then the other
 *     components are those of the first append and nothing was written now (rules I-01, I-02)
 */
public record AppendResult(List<Written> streams, Position position, boolean repeated) {

    /** Copies the list and rejects an empty one. */
    public AppendResult {
        streams = List.copyOf(streams);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("an append result names at least one stream");
        }
    }

    /**
     * The version of the last event that the append wrote to its first stream: for an append to one stream, the
     * stream's version afterwards.
     *
     * @return the version, 1 or greater
     */
    public long version() {
        return streams.get(0).lastVersion();
    }

    /**
     * What the append wrote to one stream.
     *
     * @param stream the stream
     * @param firstVersion the version of the first event written
     * @param lastVersion the version of the last event written
     */
    public record Written(StreamId stream, long firstVersion, long lastVersion) {}
}
