package dev.polylog.servers.kurrentdb.log;

import java.util.List;

/** Something that is to be done to the log at once. Immutable and thread-safe. */
public sealed interface Change {

    /**
     * An append to one or several streams, all or nothing.
     *
     * @param proposals the streams, none of them twice
     */
    record Append(List<Proposal> proposals) implements Change {

        /** Copies the list. */
        public Append {
            proposals = List.copyOf(proposals);
        }
    }

    /**
     * Deletes a stream: its events are hidden, and it can be written again.
     *
     * @param stream the stream
     * @param expected the expected revision
     */
    record Delete(String stream, long expected) implements Change {}

    /**
     * Ends a stream for good.
     *
     * @param stream the stream
     * @param expected the expected revision
     */
    record Tombstone(String stream, long expected) implements Change {}
}
