package dev.polylog.internal.subscription;

import dev.polylog.RecordedEvent;
import dev.polylog.subscription.FailurePolicy;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hands one event over until that has worked or the policy has had enough (rule S-05), and remembers which of the two
 * until told to go on, so that what must follow can be repeated without another call. For one turn at a time.
 */
final class Delivery {

    /** Carries what a handler threw through the engine. */
    static final class GivenUp extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Throwable failure;

        GivenUp(Throwable failure) {
            super(failure);
            this.failure = failure;
        }

        Throwable failure() {
            return failure;
        }
    }

    private final EventSink sink;
    private final FailurePolicy policy;
    private int failures;
    private boolean done;
    private @Nullable Exception lastFailure;

    Delivery(EventSink sink, FailurePolicy policy) {
        this.sink = sink;
        this.policy = policy;
    }

    /**
     * Calls the handler, unless the event's fate is decided.
     *
     * @return whether it was called and has done its work
     * @throws GivenUp if the handler threw an {@link Error}
     */
    boolean attempt(RecordedEvent event) {
        if (done || isExhausted()) {
            return false;
        }
        try {
            sink.deliver(event);
            done = true;
        } catch (Exception e) {
            failures++;
            lastFailure = e;
        } catch (Error e) {
            throw new GivenUp(e);
        }
        return done;
    }

    boolean isDone() {
        return done;
    }

    boolean isExhausted() {
        return failures > policy.retries();
    }

    /** Whether the event at hand was never tried. */
    boolean isFresh() {
        return !done && failures == 0;
    }

    Exception failure() {
        return Objects.requireNonNull(lastFailure, "a failure");
    }

    Duration delay() {
        return policy.backoff().delay(failures);
    }

    boolean parks() {
        return policy.then() == FailurePolicy.Then.PARK;
    }

    /** Gets ready for another event. */
    void reset() {
        failures = 0;
        done = false;
        lastFailure = null;
    }
}
