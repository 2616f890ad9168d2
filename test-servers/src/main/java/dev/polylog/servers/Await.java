package dev.polylog.servers;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Waits for a condition of the world outside, which nobody signals to us.
 *
 * <p>For kinds of servers. Thread-safe.
 */
public final class Await {

    private static final long FIRST_MILLIS = 2;
    private static final long MOST_MILLIS = 50;

    private Await() {}

    /**
     * Looks again and again, after 2 ms at first and every 50 ms at last, until the condition holds.
     *
     * @param most how long to wait
     * @param condition what must become true
     * @param failure says what did not happen, asked only after the deadline
     * @throws ServerFailure after the deadline, or when the thread is interrupted
     */
    public static void until(Duration most, BooleanSupplier condition, Supplier<String> failure) {
        long start = System.nanoTime();
        long step = FIRST_MILLIS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > most.toNanos()) {
                throw new ServerFailure(failure.get() + " within " + most.toSeconds() + " s");
            }
            pause(step);
            step = Math.min(2 * step, MOST_MILLIS);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while waiting for a server", e);
        }
    }
}
