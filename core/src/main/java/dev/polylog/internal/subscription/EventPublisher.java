package dev.polylog.internal.subscription;

import dev.polylog.RecordedEvent;
import dev.polylog.subscription.FailurePolicy;
import dev.polylog.subscription.SubscriptionOptions;
import java.util.Objects;
import java.util.concurrent.Flow;

/** Publishes events to each subscriber by a subscription of its own (rule S-09). Thread-safe. */
final class EventPublisher implements Flow.Publisher<RecordedEvent> {

    private static final Flow.Subscription NOTHING = new Flow.Subscription() {
        @Override
        public void request(long n) {
            // Nothing will come, whatever is asked for.
        }

        @Override
        public void cancel() {
            // It has ended already.
        }
    };

    private final SubscriptionEngine engine;
    private final SubscriptionOptions options;

    EventPublisher(SubscriptionEngine engine, SubscriptionOptions options) {
        this.engine = engine;
        // A subscriber that throws has broken the protocol and must not be called again.
        this.options = options.onFailure(FailurePolicy.stop().retries(0));
    }

    @Override
    public void subscribe(Flow.Subscriber<? super RecordedEvent> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        DemandSink sink = new DemandSink(subscriber);
        SubscriptionRun run;
        try {
            run = engine.open(options, sink);
        } catch (RuntimeException e) {
            subscriber.onSubscribe(NOTHING);
            subscriber.onError(e);
            return;
        }
        sink.begin(run);
    }
}
