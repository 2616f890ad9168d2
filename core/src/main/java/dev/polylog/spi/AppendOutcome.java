package dev.polylog.spi;

import dev.polylog.AppendResult;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import java.util.UUID;

/**
 * What became of an append that the store has decided. Outcomes that the store could not decide are exceptions.
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface AppendOutcome {

    /**
     * The events are in the log, now or since an earlier call with the same events.
     *
     * @param result where they stand
     */
    record Appended(AppendResult result) implements AppendOutcome {}

    /**
     * An expectation does not hold; nothing was written (rule A-03).
     *
     * @param stream the first stream whose version is not as expected
     * @param expected what was expected
     * @param actual the version that it has
     */
    record Conflict(StreamId stream, ExpectedVersion expected, long actual) implements AppendOutcome {}

    /**
     * Some of the events are in a stream already, but this is no exact repeat; nothing was written (rule I-03).
     *
     * @param stream the stream that holds an event of the append
     * @param eventId the first such event
     */
    record Duplicate(StreamId stream, UUID eventId) implements AppendOutcome {}
}
