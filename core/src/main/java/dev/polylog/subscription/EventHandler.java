package dev.polylog.subscription;

import dev.polylog.RecordedEvent;

/**
 * Gets the events of a subscription, one at a time (rule S-02).
 *
 * <p>Applications implement it. It is called by one thread at a time, not always the same one.
 */
@FunctionalInterface
public interface EventHandler {

    /**
     * Handles an event. Returning means that it is done: the checkpoint may move past it.
     *
     * @param event the event
     * @throws Exception to fail; then the subscription's {@link FailurePolicy} decides
     */
    void handle(RecordedEvent event) throws Exception;
}
