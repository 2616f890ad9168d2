package dev.polylog.internal.subscription;

import dev.polylog.RecordedEvent;
import dev.polylog.Scheduler;
import dev.polylog.StoreClosed;
import dev.polylog.spi.LogBackend;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.Subscriptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The running subscriptions of one store (chapter S). Made and called by the store; thread-safe.
 *
 * <p>All time and threads are the scheduler's, and delays vary by a random sequence that is the same in every run, so that
 * in simulated time the same calls give the same run.
 */
public final class SubscriptionEngine {

    private final LogBackend backend;
    private final Scheduler scheduler;
    private final Subscriptions subscriptions;
    private final SplittableRandom random = new SplittableRandom(1);
    private final Set<SubscriptionRun> running = new LinkedHashSet<>();
    private boolean closed;

    /**
     * An engine without subscriptions.
     *
     * @param backend the store's backend; not closed by the engine
     * @param scheduler time and threads
     */
    public SubscriptionEngine(LogBackend backend, Scheduler scheduler) {
        this.backend = backend;
        this.scheduler = scheduler;
        this.subscriptions = new DurableSubscriptions(backend, this::parkedEventsChanged);
    }

    /**
     * Starts a subscription.
     *
     * @param options what it delivers, from where and how
     * @param handler gets the events
     * @return the running subscription
     * @throws StoreClosed if the store is closed
     * @throws IllegalStateException if a subscription of that name runs in this store already
     */
    public Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(handler, "handler");
        SubscriptionRun run = open(options, EventSink.of(handler));
        run.wake();
        return run;
    }

    /**
     * Offers events to subscribers.
     *
     * @param options what they get, and from where
     * @return the publisher
     */
    public Flow.Publisher<RecordedEvent> publisher(SubscriptionOptions options) {
        return new EventPublisher(this, Objects.requireNonNull(options, "options"));
    }

    /**
     * Checkpoints and parked events.
     *
     * @return the same object at every call
     */
    public Subscriptions subscriptions() {
        return subscriptions;
    }

    /** A subscription that is known but has not begun; waking it starts it. */
    SubscriptionRun open(SubscriptionOptions options, EventSink sink) {
        SubscriptionRun run = new SubscriptionRun(backend, scheduler, options, sink, nextRandom(), this::forget);
        register(run);
        try {
            run.prepare();
        } catch (RuntimeException e) {
            forget(run);
            throw e;
        }
        return run;
    }

    private synchronized SplittableRandom nextRandom() {
        return random.split();
    }

    private synchronized void register(SubscriptionRun run) {
        if (closed) {
            throw new StoreClosed();
        }
        if (find(run.name()) != null) {
            throw new IllegalStateException("subscription " + run.name()
                    + " runs already; a durable name can be used once at a time: close the other one first");
        }
        running.add(run);
    }

    private synchronized @Nullable SubscriptionRun find(@Nullable String name) {
        for (SubscriptionRun run : running) {
            if (name != null && name.equals(run.name())) {
                return run;
            }
        }
        return null;
    }

    private synchronized void forget(SubscriptionRun run) {
        running.remove(run);
    }

    private void parkedEventsChanged(String name) {
        SubscriptionRun run = find(name);
        if (run != null) {
            run.wantLook();
        }
    }

    /**
     * Closes all subscriptions; no new one can be made. When it has returned, no handler call is running or begins; but
     * called from inside a handler it does not wait for calls of other handlers, which might wait for it.
     */
    public void close() {
        List<SubscriptionRun> left = closing();
        boolean fromHandler = left.stream().anyMatch(SubscriptionRun::isCaller);
        left.forEach(SubscriptionRun::closeWithoutWaiting);
        if (!fromHandler) {
            left.forEach(SubscriptionRun::close);
        }
    }

    private synchronized List<SubscriptionRun> closing() {
        closed = true;
        return List.copyOf(running);
    }
}
