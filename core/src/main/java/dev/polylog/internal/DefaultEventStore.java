package dev.polylog.internal;

import dev.polylog.Append;
import dev.polylog.AppendResult;
import dev.polylog.AsyncEventStore;
import dev.polylog.DuplicateEvent;
import dev.polylog.EventStore;
import dev.polylog.Events;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.Scheduler;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.Watermark;
import dev.polylog.internal.subscription.SubscriptionEngine;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * The event store over any backend: validates, asks the backend, turns outcomes into results and exceptions.
 *
 * <p>Made by {@link EventStore#over}. Thread-safe.
 */
public final class DefaultEventStore implements EventStore {

    private final LogBackend backend;
    private final Scheduler scheduler;
    private final AppendValidator validator;
    private final SubscriptionEngine engine;

    /**
     * A store over a backend.
     *
     * @param backend the open backend; closed with the store
     * @param scheduler time and threads for subscriptions
     */
    public DefaultEventStore(LogBackend backend, Scheduler scheduler) {
        this.backend = backend;
        this.scheduler = scheduler;
        this.validator = new AppendValidator(backend.traits());
        this.engine = new SubscriptionEngine(backend, scheduler);
    }

    @Override
    public AppendResult append(Append append) {
        AppendOutcome outcome = backend.append(validator.validate(append));
        if (outcome instanceof AppendOutcome.Appended appended) {
            return appended.result();
        }
        if (outcome instanceof AppendOutcome.Conflict conflict) {
            throw new VersionConflict(conflict.stream(), conflict.expected(), conflict.actual());
        }
        AppendOutcome.Duplicate duplicate = (AppendOutcome.Duplicate) outcome;
        throw new DuplicateEvent(duplicate.stream(), duplicate.eventId());
    }

    @Override
    public Events readStream(StreamId stream, ReadOptions.OfStream options) {
        requireName(stream);
        return () -> new StreamPages(backend, stream, options);
    }

    @Override
    public Events readAll(ReadOptions.OfAll options) {
        return () -> new LogPages(backend, options);
    }

    @Override
    public long version(StreamId stream) {
        requireName(stream);
        return backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                .streamVersion();
    }

    private static void requireName(StreamId stream) {
        List<String> problems = new ArrayList<>();
        Names.checkStream(stream.name(), "", problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("no stream can have this name: " + String.join("; ", problems));
        }
    }

    @Override
    public Watermark watermark() {
        return backend.status().watermark();
    }

    @Override
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        return engine.subscribe(options, handler);
    }

    @Override
    public Flow.Publisher<RecordedEvent> publisher(SubscriptionOptions options) {
        return engine.publisher(options);
    }

    @Override
    public Subscriptions subscriptions() {
        return engine.subscriptions();
    }

    @Override
    public AsyncEventStore async() {
        return async(scheduler::execute);
    }

    @Override
    public AsyncEventStore async(Executor executor) {
        return new FutureEventStore(this, executor);
    }

    @Override
    public BackendTraits traits() {
        return backend.traits();
    }

    @Override
    public void close() {
        engine.close();
        backend.close();
    }
}
