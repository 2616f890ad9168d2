package dev.polylog;

import dev.polylog.internal.Backends;
import dev.polylog.internal.DefaultEventStore;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogBackend;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.Subscriptions;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * An event store: append events to streams, read them back by stream or in the one global order, subscribe to them.
 *
 * <pre>{@code
 * try (EventStore store = EventStore.open("sqlite:orders.db")) {
 *     StreamId order = StreamId.of("Order-42");
 *     store.append(order, ExpectedVersion.noStream(), EventData.json("OrderPlaced", "{\"total\":12}"));
 *     for (RecordedEvent event : store.readStream(order)) {
 *         System.out.println(event.version() + " " + event.type());
 *     }
 * }
 * }</pre>
 *
 * <p>The same calls mean the same on every store; what differs is in {@link #traits()}. Applications call it; it is
 * made by {@link #open(String)} or {@link #over(LogBackend)}. Thread-safe. Failures are {@link PolylogException}s; after
 * {@link #close()} every call throws {@link StoreClosed}.
 */
public interface EventStore extends AutoCloseable {

    /**
     * Opens the store at a URL, preparing what is needed there (rule L-01).
     *
     * @param url for example {@code sqlite:orders.db} or {@code memory:}
     * @return the open store
     * @throws InvalidStoreUrl if the URL cannot be used, or no backend for it is on the class path
     * @throws StoreUnavailable if the store cannot be reached (rule L-04)
     * @throws IncompatibleLayout if what is there cannot be used
     */
    static EventStore open(String url) {
        return over(Backends.open(url));
    }

    /**
     * A store over a backend that was built by hand; closing the store closes the backend.
     *
     * @param backend the open backend
     * @return the store
     */
    static EventStore over(LogBackend backend) {
        return over(backend, Scheduler.system());
    }

    /**
     * A store over a backend, with time of one's own.
     *
     * @param backend the open backend
     * @param scheduler time and threads for subscriptions
     * @return the store
     */
    static EventStore over(LogBackend backend, Scheduler scheduler) {
        return new DefaultEventStore(backend, scheduler);
    }

    /**
     * Appends events to one stream, all or none (chapters A and I).
     *
     * @param stream the stream
     * @param expected what its version must be
     * @param events the events, in order
     * @return where they stand, now or since an earlier call with the same events
     * @throws VersionConflict if the version is another; nothing was written
     * @throws DuplicateEvent if some of the events, but not this append, are there already; nothing was written
     * @throws InvalidAppend if the append breaks rules or limits; nothing was written
     * @throws AppendOutcomeUnknown if it cannot be told whether the events were written
     * @throws StoreUnavailable if the store cannot be reached; nothing was written
     */
    default AppendResult append(StreamId stream, ExpectedVersion expected, EventData... events) {
        return append(Append.to(stream, expected, events));
    }

    /**
     * Appends events to one stream, all or none; as {@link #append(StreamId, ExpectedVersion, EventData...)}.
     *
     * @param stream the stream
     * @param expected what its version must be
     * @param events the events, in order
     * @return where they stand
     */
    default AppendResult append(StreamId stream, ExpectedVersion expected, List<EventData> events) {
        return append(Append.to(stream, expected, events));
    }

    /**
     * Appends to one or more streams, all or nothing, on any number of conditions (rules ); failures as in
     * {@link #append(StreamId, ExpectedVersion, EventData...)}.
     *
     * @param append what to write and what must hold
     * @return where the events stand
     * @throws UnsupportedByStore if the store's traits do not declare what is asked for; nothing was written
     */
    AppendResult append(Append append);

    /**
     * Reads a stream from its first event to its last (chapter R).
     *
     * @param stream the stream
     * @return its events; none for a stream that was never written
     */
    default Events readStream(StreamId stream) {
        return readStream(stream, ReadOptions.stream());
    }

    /**
     * Reads a stream (chapter R).
     *
     * @param stream the stream
     * @param options where to begin, which way, how far
     * @return the events
     */
    Events readStream(StreamId stream, ReadOptions.OfStream options);

    /**
     * Reads everything in the global order (chapter G).
     *
     * @return all events
     */
    default Events readAll() {
        return readAll(ReadOptions.all());
    }

    /**
     * Reads everything (chapter G).
     *
     * @param options where to begin, which way, how far, which events
     * @return the events
     */
    Events readAll(ReadOptions.OfAll options);

    /**
     * A stream's version.
     *
     * @param stream the stream
     * @return the version of its last event, 0 where it has none (rule R-03)
     */
    long version(StreamId stream);

    /**
     * How far reads of everything can see, and why not further (rule G-08).
     *
     * @return the watermark as of now
     */
    Watermark watermark();

    /**
     * Delivers events to a handler, first those that are there, then each new one (chapter S).
     *
     * @param options which events, from where, under which name, and what to do on failures
     * @param handler gets one event at a time
     * @return the running subscription
     */
    Subscription subscribe(SubscriptionOptions options, EventHandler handler);

    /**
     * The same as a publisher: each subscriber gets a subscription of its own, at the pace that it demands (rule S-09).
     *
     * @param options which events, from where and under which name
     * @return a publisher that may be subscribed to more than once, but only once at a time where the options name a
     *     durable subscription
     */
    Flow.Publisher<RecordedEvent> publisher(SubscriptionOptions options);

    /**
     * Looks after the durable subscriptions of this store, running or not: checkpoints and parked events.
     *
     * @return the same object at every call
     */
    Subscriptions subscriptions();

    /**
     * The same store with futures instead of blocking calls.
     *
     * @return runs the calls on daemon threads of the store's scheduler
     */
    AsyncEventStore async();

    /**
     * The same store with futures instead of blocking calls.
     *
     * @param executor runs the calls
     * @return the asynchronous view
     */
    AsyncEventStore async(Executor executor);

    /**
     * What this store promises beyond the rules that all keep, and where its limits are.
     *
     * @return the traits
     */
    BackendTraits traits();

    /** Stops all subscriptions, ends what is in flight and frees everything; may be called again (rule L-03). */
    @Override
    void close();
}
