package dev.polylog.internal.subscription;

import dev.polylog.RecordedEvent;
import dev.polylog.subscription.EventHandler;
import org.jspecify.annotations.Nullable;

/** Where a subscription's events go. Called by one turn at a time. */
interface EventSink {

    /** Whether an event is wanted now; who says no wakes the subscription when that changes. */
    boolean isReady();

    void deliver(RecordedEvent event) throws Exception;

    /** Nothing follows; with what stopped the subscription, or null if it was closed. */
    void ended(@Nullable Throwable failure);

    /** An application's handler, which takes all that comes. */
    static EventSink of(EventHandler handler) {
        return new EventSink() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void deliver(RecordedEvent event) throws Exception {
                handler.handle(event);
            }

            @Override
            public void ended(@Nullable Throwable failure) {
                // Applications learn it from Subscription.ended().
            }
        };
    }
}
