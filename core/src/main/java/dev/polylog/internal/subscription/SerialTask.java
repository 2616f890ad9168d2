package dev.polylog.internal.subscription;

import dev.polylog.Scheduler;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs turns of one task, never two at a time, when it is woken or when the time comes that the last turn asked for.
 *
 * <p>Any number of wake-ups during a turn leads to one more turn. What a turn writes the next one sees, whatever its
 * thread. Thread-safe.
 */
final class SerialTask {

    private enum State {
        IDLE,
        SCHEDULED,
        RUNNING,
        ENDED
    }

    private static final Scheduler.Cancellation NO_TIMER = () -> {};

    private final Scheduler scheduler;
    private final Supplier<@Nullable Duration> turn;
    private State state = State.IDLE;
    private Scheduler.Cancellation timer = NO_TIMER;
    private @Nullable Thread runner;
    private boolean wokenMeanwhile;

    /**
     * A task that waits for its first wake-up.
     *
     * @param turn does the work of a turn; returns after what time the next one is wanted, or null for never again
     */
    SerialTask(Scheduler scheduler, Supplier<@Nullable Duration> turn) {
        this.scheduler = scheduler;
        this.turn = turn;
    }

    /** Asks for a turn soon. */
    synchronized void wake() {
        if (state == State.RUNNING) {
            wokenMeanwhile = true;
        } else if (state == State.IDLE) {
            schedule();
        }
    }

    private synchronized void schedule() {
        timer.cancel();
        timer = NO_TIMER;
        state = State.SCHEDULED;
        scheduler.execute(this::run);
    }

    private void run() {
        if (!begin()) {
            return;
        }
        Duration wait = null;
        try {
            wait = turn.get();
        } finally {
            finish(wait);
        }
    }

    private synchronized boolean begin() {
        if (state != State.SCHEDULED) {
            return false;
        }
        seize();
        return true;
    }

    private synchronized void seize() {
        timer.cancel();
        timer = NO_TIMER;
        state = State.RUNNING;
        runner = Thread.currentThread();
        wokenMeanwhile = false;
    }

    private synchronized void finish(@Nullable Duration wait) {
        runner = null;
        if (wait == null) {
            state = State.ENDED;
        } else if (wokenMeanwhile || wait.isZero()) {
            schedule();
        } else {
            state = State.IDLE;
            timer = scheduler.schedule(wait, this::wake);
        }
        notifyAll();
    }

    /**
     * Runs the last turn: on this thread if no turn is running, else by whoever runs one now. Returns when it has ended,
     * but at once if called from inside a turn. An interrupt does not shorten the wait and is kept.
     *
     * @param last the last turn
     */
    void end(Runnable last) {
        if (awaitTurn()) {
            runLast(last);
        }
    }

    /**
     * Runs the last turn on this thread if no turn is running, else leaves it to the one that runs.
     *
     * @param last the last turn
     */
    void endIfFree(Runnable last) {
        if (takeTurn()) {
            runLast(last);
        }
    }

    private void runLast(Runnable last) {
        try {
            last.run();
        } finally {
            finish(null);
        }
    }

    /** Waits for the end, or until a turn can be had, which then is ours; false if there is nothing left to do. */
    private synchronized boolean awaitTurn() {
        boolean interrupted = false;
        while (state == State.RUNNING && runner != Thread.currentThread()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return takeTurn();
    }

    private synchronized boolean takeTurn() {
        if (state == State.ENDED || state == State.RUNNING) {
            return false;
        }
        seize();
        return true;
    }

    /** Whether the caller is inside a turn of this task. */
    synchronized boolean isMine() {
        return runner == Thread.currentThread();
    }
}
