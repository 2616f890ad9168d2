package dev.polylog.internal;

import dev.polylog.Append;
import dev.polylog.AppendResult;
import dev.polylog.AsyncEventStore;
import dev.polylog.EventStore;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Runs the blocking calls of a store on an executor. Thread-safe. */
record FutureEventStore(EventStore store, Executor executor) implements AsyncEventStore {

    @Override
    public CompletableFuture<AppendResult> append(Append append) {
        return CompletableFuture.supplyAsync(() -> store.append(append), executor);
    }

    @Override
    public CompletableFuture<List<RecordedEvent>> readStream(StreamId stream, ReadOptions.OfStream options) {
        return CompletableFuture.supplyAsync(
                () -> store.readStream(stream, options).toList(), executor);
    }

    @Override
    public CompletableFuture<List<RecordedEvent>> readAll(ReadOptions.OfAll options) {
        return CompletableFuture.supplyAsync(() -> store.readAll(options).toList(), executor);
    }

    @Override
    public CompletableFuture<Long> version(StreamId stream) {
        return CompletableFuture.supplyAsync(() -> store.version(stream), executor);
    }
}
