package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.Scheduler;
import dev.polylog.subscription.SubscriptionStatus;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What other threads may know about a subscription (rule S-08): written by its turns, read and waited for by anybody.
 *
 * <p>Thread-safe.
 */
final class StatusBoard {

    private final @Nullable String name;
    private final Scheduler scheduler;
    private State state = State.STARTING;
    private Position position = Position.START;
    private Position head = Position.START;
    private boolean behind = true;
    private long behindSince;
    private long handled;
    private int parked;
    private @Nullable Throwable lastError;

    StatusBoard(@Nullable String name, Scheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
        this.behindSince = scheduler.nanoTime();
    }

    synchronized SubscriptionStatus status() {
        Duration lag = behind ? Duration.ofNanos(Math.max(0, scheduler.nanoTime() - behindSince)) : Duration.ZERO;
        return new SubscriptionStatus(name, state, position, head, lag, handled, parked, lastError);
    }

    synchronized void position(Position reached) {
        position = reached;
        head = reached.isAfter(head) ? reached : head;
        notifyAll();
    }

    synchronized void head(Position seen) {
        head = seen.isAfter(position) ? seen : position;
    }

    synchronized void handled() {
        handled++;
        lastError = null;
    }

    synchronized void parked(int count) {
        parked = count;
    }

    /** Events are there that are not done. */
    synchronized void behind(State how) {
        state = how;
        if (!behind) {
            behind = true;
            behindSince = scheduler.nanoTime();
        }
    }

    /** Everything is done that can be seen. */
    synchronized void live() {
        state = State.LIVE;
        behind = false;
    }

    synchronized void state(State now) {
        state = now;
    }

    synchronized State state() {
        return state;
    }

    synchronized void failed(State how, Throwable error) {
        behind(how);
        lastError = error;
    }

    synchronized void overcome() {
        lastError = null;
    }

    synchronized void ended(State how, @Nullable Throwable error) {
        state = how;
        behind = how == State.FAILED && behind;
        if (error != null) {
            lastError = error;
        }
        notifyAll();
    }

    /** Waits in real time, since it is applications' threads that wait. */
    synchronized boolean await(Position wanted, Duration patience) {
        long deadline = System.nanoTime() + Durations.nanos(patience);
        while (position.compareTo(wanted) < 0) {
            long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
            if (millis <= 0 || state == State.FAILED || state == State.CLOSED) {
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
