package dev.polylog.cli.shell;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Whether the user asked the command to end (Ctrl-C).
 *
 * <p>Long work asks {@link #requested()} between two steps, waiting work waits in {@link #await}. Thread-safe.
 */
public final class Interruption {

    private static final Duration LOOK = Duration.ofMillis(50);

    private final CountDownLatch requested = new CountDownLatch(1);

    /** Of a command that goes on. */
    public Interruption() {}

    /** Asks the command to end soon. */
    public void request() {
        requested.countDown();
    }

    /**
     * Whether the command should end soon.
     *
     * @return true once it was asked to
     */
    public boolean requested() {
        return requested.getCount() == 0;
    }

    /**
     * Ends the command here if it was asked to.
     *
     * @throws Interrupted if so
     */
    public void check() {
        if (requested()) {
            throw new Interrupted("");
        }
    }

    /**
     * Waits until the command should end.
     *
     * @param patience how long at most
     * @return true if it should end
     */
    public boolean await(Duration patience) {
        try {
            return requested.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Runs long work that ends when its thread is interrupted, and interrupts it when the user wants.
     *
     * @param work what to run, on a thread of its own
     * @param <T> what it gives
     * @return what it gave
     * @throws Interrupted if the user wanted it to end
     * @throws Exception what it threw
     */
    public <T> T run(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "polylog-work");
        thread.setDaemon(true);
        thread.start();
        while (!task.isDone()) {
            if (await(LOOK)) {
                thread.interrupt();
                throw new Interrupted("interrupted");
            }
        }
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
