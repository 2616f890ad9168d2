package dev.polylog.internal;

import dev.polylog.RecordedEvent;
import dev.polylog.Scheduler;
import dev.polylog.spi.LogBackend;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.Subscriptions;
import java.util.concurrent.Flow;

/** Placeholder until the engine lands. */
final class SubscriptionEngine {

    SubscriptionEngine(LogBackend backend, Scheduler scheduler) {}

    Subscription subscribe(SubscriptionOptions options, EventHandler handler) {
        throw new IllegalStateException("subscriptions are not built yet");
    }

    Flow.Publisher<RecordedEvent> publisher(SubscriptionOptions options) {
        throw new IllegalStateException("subscriptions are not built yet");
    }

    Subscriptions subscriptions() {
        throw new IllegalStateException("subscriptions are not built yet");
    }

    void close() {}
}
