package dev.polylog;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An {@link EventStore} with futures instead of blocking calls.
 *
 * <p>The futures fail with the exceptions of the blocking calls. Cancelling a future does not take its append back: what
 * became of it is then unknown to the caller, who may repeat it with the same events. Thread-safe.
 */
public interface AsyncEventStore {

    /**
     * As {@link EventStore#append(Append)}.
     *
     * @param append what to write and what must hold
     * @return where the events stand
     */
    CompletableFuture<AppendResult> append(Append append);

    /**
     * As {@link EventStore#append(StreamId, ExpectedVersion, EventData...)}.
     *
     * @param stream the stream
     * @param expected what its version must be
     * @param events the events, in order
     * @return where they stand
     */
    default CompletableFuture<AppendResult> append(StreamId stream, ExpectedVersion expected, EventData... events) {
        return append(Append.to(stream, expected, Arrays.asList(events)));
    }

    /**
     * As {@link EventStore#readStream(StreamId, ReadOptions.OfStream)}, with all events in memory: set a limit.
     *
     * @param stream the stream
     * @param options where to begin, which way, how far
     * @return the events
     */
    CompletableFuture<List<RecordedEvent>> readStream(StreamId stream, ReadOptions.OfStream options);

    /**
     * As {@link EventStore#readAll(ReadOptions.OfAll)}, with all events in memory: set a limit.
     *
     * @param options where to begin, which way, how far, which events
     * @return the events
     */
    CompletableFuture<List<RecordedEvent>> readAll(ReadOptions.OfAll options);

    /**
     * As {@link EventStore#version(StreamId)}.
     *
     * @param stream the stream
     * @return its version
     */
    CompletableFuture<Long> version(StreamId stream);
}
