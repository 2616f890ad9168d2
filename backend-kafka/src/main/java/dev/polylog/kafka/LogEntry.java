package dev.polylog.kafka;

import dev.polylog.spi.AppendCommand;
import java.util.List;
import java.util.UUID;

/**
 * What a record of ours says. The layout in bytes is {@link RecordCodec}'s.
 *
 * <p>Immutable and thread-safe.
 */
sealed interface LogEntry {

    /**
     * What every record begins with.
     *
     * @param logId the log that it belongs to; in a founding, the one that it founds
     * @param writer the handle that wrote it
     * @param epoch how often the writer has fenced itself
     * @param sequence the number of the record among those of the writer; grows, within and across epochs
     */
    record Origin(UUID logId, UUID writer, int epoch, long sequence) {}

    /** Begins the log: the first one in the topic gives the log its id, later ones mean nothing. */
    record Founding() implements LogEntry {}

    /**
     * An append that its writer wants.
     *
     * @param command expectations, and writes whose events have their ids only
     * @param events each event's bytes, in the order of the writes
     */
    record Proposal(AppendCommand command, List<Slice> events) implements LogEntry {}

    /**
     * A compare-and-set of a cell.
     *
     * @param name the cell
     * @param expectedRevision the revision that it must have
     * @param value the new value
     */
    record CellChange(String name, long expectedRevision, Slice value) implements LogEntry {}

    /** Says nothing but that everything before it is decided: a fence in a new epoch of its writer, a barrier else. */
    record Barrier() implements LogEntry {}

    /**
     * Says that the log lost its tail.
     *
     * @param offset from here on the writer had seen something else
     */
    record Divergence(long offset) implements LogEntry {}

    /**
     * What its writer made of all records below an offset.
     *
     * @param offset the offset
     * @param hash the hash of all decisions below it
     */
    record StateHash(long offset, long hash) implements LogEntry {}

    /** A part of a record's bytes, not copied. Immutable by agreement. */
    final class Slice {

        private final byte[] bytes;
        private final int from;
        private final int length;

        /**
         * A part.
         *
         * @param bytes the whole record
         * @param from where the part begins
         * @param length how long it is
         */
        Slice(byte[] bytes, int from, int length) {
            this.bytes = bytes;
            this.from = from;
            this.length = length;
        }

        byte[] bytes() {
            return bytes;
        }

        int from() {
            return from;
        }

        int length() {
            return length;
        }
    }
}
