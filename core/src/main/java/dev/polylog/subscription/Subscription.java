package dev.polylog.subscription;

import dev.polylog.Position;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * A running subscription. Applications get it from {@link dev.polylog.EventStore#subscribe}. Thread-safe.
 */
public interface Subscription extends AutoCloseable {

    /**
     * How it is.
     *
     * @return the status as of now
     */
    SubscriptionStatus status();

    /**
     * Waits until every matching event up to a position has been handled: after an append, until the read model shows
     * it.
     *
     * @param position the position, for example that of an append's result
     * @param patience how long to wait at most
     * @return true if it was reached, false if the patience ran out or the subscription ended
     */
    boolean awaitPosition(Position position, Duration patience);

    /**
     * When the subscription ends.
     *
     * @return completes when it was closed, or fails with what stopped it
     */
    CompletionStage<Void> ended();

    /**
     * Stops the subscription: after this has returned no handler call is running or begins (rule S-06). May be called
     * again, and from inside the handler, where it returns at once and no further call begins. Saves the checkpoint of
     * what was handled.
     */
    @Override
    void close();
}
