package dev.polylog.subscription;

import dev.polylog.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a running subscription is (rule S-08).
 *
 * <p>Immutable and thread-safe.
 *
 * @param name the durable name; null for one that forgets
 * @param state what it is doing
 * @param position everything at or below it is done
 * @param head the last known head of the log
 * @param lag how long the subscription has been behind the head, or has not been able to see it; zero where it is at it
 * @param handled how many events were handled since the subscription was made
 * @param parked how many events are parked under the name
 * @param lastError the last failure of handler or store; null where there was none or it is overcome
 */
public record SubscriptionStatus(
        @Nullable String name,
        State state,
        Position position,
        Position head,
        Duration lag,
        long handled,
        int parked,
        @Nullable Throwable lastError) {

    /** What a subscription is doing. */
    public enum State {
        /** It has not read anything yet. */
        STARTING,
        /** It handles events that were there before. */
        CATCHING_UP,
        /** It has handled everything and waits for more. */
        LIVE,
        /** The handler failed, and the event will be tried again. */
        RETRYING,
        /** The store cannot be reached, and will be tried again (rule S-07). */
        DISCONNECTED,
        /** It ended with an error that somebody has to look at. */
        FAILED,
        /** It was closed. */
        CLOSED
    }
}
