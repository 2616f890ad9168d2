package dev.polylog.tck.commands;

import dev.polylog.Direction;
import java.util.List;

/**
 * One step of a random sequence. Streams, events and cells are numbers, and versions are relative to what the stream has
 * when the step is run, so that a sequence stays meaningful when steps are taken out of it.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Command {

    /**
     * Appends events, as one append.
     *
     * @param parts the streams that are written or looked at; at least one is written
     */
    record Append(List<Part> parts) implements Command {

        /** Copies the list. */
        public Append {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One stream of an append.
     *
     * @param stream the stream's number
     * @param expected what its version must be
     * @param events the numbers of the events; empty where the stream is only looked at
     */
    record Part(int stream, Expected expected, List<Integer> events) {

        /** Copies the list. */
        public Part {
            events = List.copyOf(events);
        }
    }

    /** What an append expects of a stream. */
    enum Expected {
        /** Nothing. */
        ANY,
        /** No events. */
        NO_STREAM,
        /** Some event. */
        STREAM_EXISTS,
        /** The version that it has. */
        CURRENT,
        /** One version less than it has. */
        BEHIND,
        /** One version more than it has. */
        AHEAD
    }

    /**
     * Gives an earlier append once more, with the same events and the same expectations as then.
     *
     * @param append the earlier append
     */
    record Again(Append append) implements Command {}

    /**
     * Reads a stream page by page.
     *
     * @param stream the stream's number
     * @param direction which way
     * @param from the version to begin with; beyond the end where it is great
     * @param pageSize the most events a page
     */
    record ReadStream(int stream, Direction direction, long from, int pageSize) implements Command {}

    /**
     * Reads everything page by page.
     *
     * @param direction which way
     * @param bound how many events of the sequence lie at or before the bound; -1 for the end of all positions
     * @param selection which events
     * @param pageSize the most events a page
     */
    record ReadAll(Direction direction, int bound, Selection selection, int pageSize) implements Command {}

    /** Which events a read of everything asks for. */
    enum Selection {
        /** All. */
        ALL,
        /** Those of one category. */
        CATEGORY,
        /** Those of streams whose name begins in some way. */
        PREFIX,
        /** Those of some types. */
        TYPES,
        /** Those of one category and one type. */
        CATEGORY_AND_TYPE
    }

    /**
     * Sets a cell.
     *
     * @param cell the cell's number
     * @param expected how much the expected revision differs from the one that the cell has
     * @param value what the value is made of
     */
    record SetCell(int cell, int expected, int value) implements Command {}

    /**
     * Reads a cell.
     *
     * @param cell the cell's number
     */
    record GetCell(int cell) implements Command {}

    /** Closes the store and opens it again. */
    record Reopen() implements Command {}
}
