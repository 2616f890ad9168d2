package dev.polylog.cli.shell;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the user asked the command to end (Ctrl-C).
 *
 * <p>Long work asks {@link #requested()} between two steps, waiting work waits in {@link #await}. Thread-safe.
 */
public final class Interruption {

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
}
