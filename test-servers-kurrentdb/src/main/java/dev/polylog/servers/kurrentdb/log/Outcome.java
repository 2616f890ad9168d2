package dev.polylog.servers.kurrentdb.log;

import java.util.List;

/** What became of a write to one or several streams. Immutable and thread-safe. */
public sealed interface Outcome {

    /**
     * It is in the log, now or since an earlier write.
     *
     * @param lastRevisions the revision of each stream's last event of this write, in the order of the proposals; -1 for
     *     a write without events to a stream without events
     * @param position the position of the last event; -1 where there is none that can be read
     */
    record Done(List<Long> lastRevisions, long position) implements Outcome {

        /** Copies the list. */
        public Done {
            lastRevisions = List.copyOf(lastRevisions);
        }
    }

    /**
     * An expectation does not hold; nothing was written.
     *
     * @param proposal which
     * @param current the revision of the stream's last event, -1 where there is none
     */
    record WrongVersion(Proposal proposal, long current) implements Outcome {}

    /**
     * The stream is deleted; nothing was written.
     *
     * @param stream the stream
     */
    record Deleted(String stream) implements Outcome {}

    /** Some streams have the events already and others do not; nothing was written. */
    record Mixed() implements Outcome {}
}
