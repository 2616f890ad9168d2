package dev.polylog.spi;

import dev.polylog.Payload;
import java.util.Optional;

/**
 * Small named values that are changed by compare-and-set only (chapter K). Core keeps checkpoints in them.
 *
 * <p>Implementations are thread-safe and blocking. Names are compared exactly, up to 255 characters without control
 * characters or unpaired surrogates; values have up to {@value #MAX_VALUE_BYTES} bytes. Cells never show up in reads
 * of events and cause no signal (rule K-03).
 */
public interface CellStore {

    /** The most bytes that a cell's value may have: 64 KiB. */
    int MAX_VALUE_BYTES = 64 * 1024;

    /**
     * Reads a cell (rule K-02).
     *
     * @param name the cell's name
     * @return the cell, or empty where it was never set
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached
     */
    Optional<Cell> get(String name);

    /**
     * Sets a cell if its revision is the expected one (rule K-01).
     *
     * @param name the cell's name
     * @param expectedRevision the revision that the cell must have; 0 if it must not exist yet
     * @param value the new value, at most {@value #MAX_VALUE_BYTES} bytes
     * @return the new revision, or the actual one where it is another
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached; nothing was set
     * @throws dev.polylog.CellOutcomeUnknown if it cannot be told whether the cell was set
     */
    SetOutcome compareAndSet(String name, long expectedRevision, Payload value);

    /**
     * A cell as it was read.
     *
     * @param revision 1 or greater, growing with every change
     * @param value the value, exactly as it was set
     */
    record Cell(long revision, Payload value) {}

    /** What became of a compare-and-set. */
    sealed interface SetOutcome {

        /**
         * The cell has the new value.
         *
         * @param revision the cell's new revision
         */
        record Done(long revision) implements SetOutcome {}

        /**
         * The cell has another revision than expected; nothing was set.
         *
         * @param actualRevision the revision that it has, 0 where it does not exist
         */
        record Mismatch(long actualRevision) implements SetOutcome {}
    }
}
