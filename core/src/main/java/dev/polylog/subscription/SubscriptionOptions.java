package dev.polylog.subscription;

import dev.polylog.Filter;
import dev.polylog.StreamId;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription delivers, from where, and how.
 *
 * <pre>{@code
 * SubscriptionOptions.durable("invoices").filter(Filter.all().categories("Order")).onFailure(FailurePolicy.park())
 * }</pre>
 *
 * <p>Immutable and thread-safe.
 *
 * @param name the durable name under which the checkpoint is kept; null for a subscription that forgets
 * @param start where to begin where there is no checkpoint yet
 * @param stream the only stream that is wanted; null for all
 * @param filter which events
 * @param onFailure what happens when the handler fails
 * @param maxBufferedEvents the most events held in memory for a slow handler (rule S-03)
 * @param maxBufferedBytes where the held payloads and metadata reach this many bytes no more is fetched
 * @param pollInterval the longest wait at the head without a signal (rule N-01)
 * @param checkpointInterval the longest time that a handled event waits for the checkpoint to be saved; a handler call
 *     that runs meanwhile is waited for
 * @param checkpointEvents the most events handled between two saves of the checkpoint
 */
public record SubscriptionOptions(
        @Nullable String name,
        StartFrom start,
        @Nullable StreamId stream,
        Filter filter,
        FailurePolicy onFailure,
        int maxBufferedEvents,
        long maxBufferedBytes,
        Duration pollInterval,
        Duration checkpointInterval,
        int checkpointEvents) {

    /** Rejects what makes no sense; all that is wrong in one message. */
    public SubscriptionOptions {
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(onFailure, "onFailure");
        StringBuilder problems = new StringBuilder();
        require(problems, name == null || SubscriptionNames.valid(name), SubscriptionNames.RULE);
        require(problems, maxBufferedEvents >= 1, "at least 1 buffered event");
        require(problems, maxBufferedBytes >= 1, "at least 1 buffered byte");
        require(problems, pollInterval.compareTo(Duration.ZERO) > 0, "a poll interval above zero");
        require(problems, !checkpointInterval.isNegative(), "a checkpoint interval of zero or more");
        require(problems, checkpointEvents >= 1, "a checkpoint after 1 or more events");
        require(
                problems,
                onFailure.then() != FailurePolicy.Then.PARK || name != null,
                "a durable name for a subscription that parks events");
        if (problems.length() > 0) {
            throw new IllegalArgumentException("subscription options: expected " + problems);
        }
    }

    private static void require(StringBuilder problems, boolean condition, String expected) {
        if (!condition) {
            problems.append(problems.length() == 0 ? "" : "; ").append(expected);
        }
    }

    /**
     * A subscription that remembers how far it got, under a name.
     *
     * @param name up to 100 characters: letters, digits and {@code . _ -}
     * @return options that begin with the first event
     */
    public static SubscriptionOptions durable(String name) {
        return new SubscriptionOptions(
                Objects.requireNonNull(name, "name"),
                StartFrom.beginning(),
                null,
                Filter.all(),
                FailurePolicy.stop(),
                1000,
                8L << 20,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1000);
    }

    /**
     * A subscription that keeps no checkpoint.
     *
     * @return options that begin with the first event
     */
    public static SubscriptionOptions ephemeral() {
        SubscriptionOptions base = durable("unnamed");
        return new SubscriptionOptions(
                null,
                base.start,
                null,
                base.filter,
                base.onFailure,
                base.maxBufferedEvents,
                base.maxBufferedBytes,
                base.pollInterval,
                base.checkpointInterval,
                base.checkpointEvents);
    }

    /**
     * These options beginning elsewhere.
     *
     * @param wanted where to begin where there is no checkpoint yet
     * @return new options
     */
    public SubscriptionOptions from(StartFrom wanted) {
        return new SubscriptionOptions(
                name,
                wanted,
                stream,
                filter,
                onFailure,
                maxBufferedEvents,
                maxBufferedBytes,
                pollInterval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options for one stream only.
     *
     * @param wanted the stream
     * @return new options
     */
    public SubscriptionOptions stream(StreamId wanted) {
        return new SubscriptionOptions(
                name,
                start,
                wanted,
                filter,
                onFailure,
                maxBufferedEvents,
                maxBufferedBytes,
                pollInterval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options for some events only.
     *
     * @param wanted which events
     * @return new options
     */
    public SubscriptionOptions filter(Filter wanted) {
        return new SubscriptionOptions(
                name,
                start,
                stream,
                wanted,
                onFailure,
                maxBufferedEvents,
                maxBufferedBytes,
                pollInterval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options with another failure policy.
     *
     * @param policy what happens when the handler fails
     * @return new options
     */
    public SubscriptionOptions onFailure(FailurePolicy policy) {
        return new SubscriptionOptions(
                name,
                start,
                stream,
                filter,
                policy,
                maxBufferedEvents,
                maxBufferedBytes,
                pollInterval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options with other bounds on memory.
     *
     * @param events the most events held for a slow handler
     * @param bytes where the held payloads and metadata reach this many bytes no more is fetched
     * @return new options
     */
    public SubscriptionOptions buffer(int events, long bytes) {
        return new SubscriptionOptions(
                name,
                start,
                stream,
                filter,
                onFailure,
                events,
                bytes,
                pollInterval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options with another poll interval.
     *
     * @param interval the longest wait at the head without a signal
     * @return new options
     */
    public SubscriptionOptions pollInterval(Duration interval) {
        return new SubscriptionOptions(
                name,
                start,
                stream,
                filter,
                onFailure,
                maxBufferedEvents,
                maxBufferedBytes,
                interval,
                checkpointInterval,
                checkpointEvents);
    }

    /**
     * These options with another rhythm of checkpoints.
     *
     * @param interval the longest time that a handled event waits for the save
     * @param events the most events handled between two saves
     * @return new options
     */
    public SubscriptionOptions checkpoint(Duration interval, int events) {
        return new SubscriptionOptions(
                name,
                start,
                stream,
                filter,
                onFailure,
                maxBufferedEvents,
                maxBufferedBytes,
                pollInterval,
                interval,
                events);
    }
}
