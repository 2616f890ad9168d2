package dev.polylog.internal.subscription;

import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of {@link EventPublisher} with its demand: an event counts as handled when {@code onNext} has returned.
 *
 * <p>Thread-safe: the subscriber asks and cancels from any thread, and is called by one turn at a time.
 */
final class DemandSink implements EventSink, Flow.Subscription {

    private final AtomicLong demand = new AtomicLong();
    private volatile Flow.@Nullable Subscriber<? super RecordedEvent> subscriber;
    private volatile @Nullable SubscriptionRun run;
    private volatile @Nullable RuntimeException misuse;
    private volatile boolean silenced;

    DemandSink(Flow.Subscriber<? super RecordedEvent> subscriber) {
        this.subscriber = subscriber;
    }

    /** Introduces itself to the subscriber, and lets the subscription begin once that has returned. */
    void begin(SubscriptionRun started) {
        Flow.Subscriber<? super RecordedEvent> target = subscriber;
        try {
            if (target != null) {
                target.onSubscribe(this);
            }
        } catch (RuntimeException | Error e) {
            silenced = true;
            started.cancel();
            throw e;
        }
        run = started;
        if (silenced || misuse != null) {
            started.cancel();
        } else {
            started.wake();
        }
    }

    @Override
    public void request(long n) {
        if (silenced) {
            return;
        }
        if (n <= 0) {
            misuse = new IllegalArgumentException(
                    "requested " + n + " events: expected 1 or more (Reactive Streams rule 3.9)");
            stop();
            return;
        }
        demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
        SubscriptionRun started = run;
        if (started != null) {
            started.wake();
        }
    }

    @Override
    public void cancel() {
        silenced = true;
        stop();
    }

    private void stop() {
        SubscriptionRun started = run;
        if (started != null) {
            started.cancel();
        }
    }

    @Override
    public boolean isReady() {
        return demand.get() > 0;
    }

    @Override
    public void deliver(RecordedEvent event) {
        Flow.Subscriber<? super RecordedEvent> target = subscriber;
        if (target == null || silenced) {
            return;
        }
        demand.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - 1);
        try {
            target.onNext(event);
        } catch (RuntimeException | Error e) {
            silenced = true;
            throw e;
        }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
        Flow.Subscriber<? super RecordedEvent> target = subscriber;
        subscriber = null;
        run = null;
        if (target == null || silenced) {
            return;
        }
        silenced = true;
        Throwable reason = misuse != null ? misuse : failure;
        target.onError(reason == null ? new StoreClosed() : reason);
    }
}
