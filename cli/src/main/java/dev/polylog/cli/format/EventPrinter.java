package dev.polylog.cli.format;

import dev.polylog.RecordedEvent;

/** Prints events one after the other while they are read. For one thread. */
public interface EventPrinter {

    /**
     * Prints an event, maybe not before {@link #flush()}.
     *
     * @param event the event
     */
    void print(RecordedEvent event);

    /** Brings everything that was printed so far to the reader; more may follow. */
    void flush();

    /** Ends the output; nothing follows. */
    void finish();
}
