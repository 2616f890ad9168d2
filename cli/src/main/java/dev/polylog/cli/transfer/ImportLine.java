package dev.polylog.cli.transfer;

import dev.polylog.EventData;
import dev.polylog.StreamId;

/** What a line of the file says. Immutable and thread-safe. */
sealed interface ImportLine {

    /** The line's number, from 1. */
    long number();

    /** An event. */
    record Parsed(long number, StreamId stream, EventData event) implements ImportLine {}

    /** No event. */
    record Broken(long number, String problem) implements ImportLine {}
}
