package dev.polylog.eventstoredb;

import io.kurrent.dbclient.ReadMessage;
import io.kurrent.dbclient.RecordedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Collects what a read of the client delivers, and breaks it off when there is enough. The client's own collecting cannot
 * be broken off, so a page that is bounded in bytes would hold as many events as were asked for.
 *
 * <p>The client calls it from one thread at a time.
 *
 * @param <P> what collects the events
 */
final class KurrentFetch<P extends KurrentFetch.Page> implements Subscriber<ReadMessage> {

    private final P page;
    private final CompletableFuture<Fetched<P>> result = new CompletableFuture<>();
    private @Nullable Subscription subscription;
    private long last = -1;

    private KurrentFetch(P page) {
        this.page = page;
    }

    /** Collects the events of one read. */
    interface Page {

        /** Takes the next event, a link as it stands; true if that is enough. */
        boolean add(RecordedEvent event);
    }

    /** A page of events as they stand. For one thread. */
    static final class Raw implements Page {

        private final List<RecordedEvent> events = new ArrayList<>();
        private final Predicate<RecordedEvent> enough;

        Raw(Predicate<RecordedEvent> enough) {
            this.enough = enough;
        }

        Raw() {
            this(event -> false);
        }

        @Override
        public boolean add(RecordedEvent event) {
            events.add(event);
            return enough.test(event);
        }

        List<RecordedEvent> events() {
            return events;
        }
    }

    /**
     * What was read.
     *
     * @param page what collected the events
     * @param last the revision of the stream's last event; -1 where it was not told
     * @param broken whether the read was broken off because there was enough
     * @param <P> what collects the events
     */
    record Fetched<P>(P page, long last, boolean broken) {}

    /** Reads until the page has enough. */
    static <P extends Page> CompletableFuture<Fetched<P>> from(Publisher<ReadMessage> read, P page) {
        KurrentFetch<P> fetch = new KurrentFetch<>(page);
        read.subscribe(fetch);
        return fetch.result;
    }

    @Override
    public void onSubscribe(Subscription started) {
        subscription = started;
    }

    @Override
    public void onNext(ReadMessage message) {
        if (result.isDone()) {
            cancel();
            return;
        }
        if (message.hasEvent()) {
            if (page.add(message.getEvent().getOriginalEvent())) {
                result.complete(new Fetched<>(page, last, true));
                cancel();
            }
        } else if (message.hasLastStreamPosition()) {
            last = message.getLastStreamPosition();
        }
    }

    private void cancel() {
        Subscription started = subscription;
        if (started != null) {
            started.cancel();
        }
    }

    @Override
    public void onError(@Nullable Throwable failure) {
        // The client names no failure for a call that the server cancelled.
        result.completeExceptionally(
                failure == null ? new IllegalStateException("the server cancelled the read") : failure);
    }

    @Override
    public void onComplete() {
        result.complete(new Fetched<>(page, last, false));
    }
}
