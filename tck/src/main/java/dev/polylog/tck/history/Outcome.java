package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.Position;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamSlice;
import java.util.List;
import java.util.Optional;

/**
 * What a store answered to an {@link Action}.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Outcome {

    /**
     * An append that the store decided.
     *
     * @param outcome appended, conflict or duplicate
     */
    record Decided(AppendOutcome outcome) implements Outcome {}

    /** A write that may have taken effect, may take effect later, or never. */
    record Unknown() implements Outcome {}

    /**
     * A call that failed and had no effect.
     *
     * @param reason what the failure said, for people
     */
    record Failed(String reason) implements Outcome {}

    /**
     * What became of an append whose outcome was unknown.
     *
     * @param result where the events stand; empty if they were not written and never will be
     */
    record Resolved(Optional<AppendResult> result) implements Outcome {}

    /**
     * A page of a stream.
     *
     * @param events the events, in the direction of the read
     * @param endOfStream whether no event followed
     * @param version the stream's version
     */
    record StreamSeen(List<LogEntry> events, boolean endOfStream, long version) implements Outcome {

        /**
         * What a page showed.
         *
         * @param slice the page
         * @return the outcome
         */
        public static StreamSeen of(StreamSlice slice) {
            return new StreamSeen(LogEntry.listOf(slice.events()), slice.endOfStream(), slice.streamVersion());
        }
    }

    /**
     * A page of everything.
     *
     * @param events the events, in the direction of the read
     * @param lookedUpTo how far the log was looked at
     * @param atHead whether nothing lay beyond
     */
    record LogSeen(List<LogEntry> events, Position lookedUpTo, boolean atHead) implements Outcome {

        /**
         * What a page showed.
         *
         * @param slice the page
         * @return the outcome
         */
        public static LogSeen of(LogSlice slice) {
            return new LogSeen(LogEntry.listOf(slice.events()), slice.lookedUpTo(), slice.atHead());
        }
    }

    /**
     * A cell as it was read.
     *
     * @param cell the cell; empty where it did not exist
     */
    record CellSeen(Optional<Cell> cell) implements Outcome {}

    /**
     * A compare-and-set that the store decided.
     *
     * @param outcome done or mismatch
     */
    record CellDecided(SetOutcome outcome) implements Outcome {}
}
