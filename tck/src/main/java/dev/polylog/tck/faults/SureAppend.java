package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * An append of which the caller knows in the end what became of it, whatever happens to the store meanwhile (rule A-05).
 *
 * <p>For tests that harm the store. Stateless and thread-safe. A conflict is an {@link AssertionError}: what is appended
 * here is expected to meet nobody else.
 */
public final class SureAppend {

    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Longer than any server of a test takes to come back: whoever waits for so long waits in vain. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private SureAppend() {}

    /**
     * Appends, and asks until the store answers where the outcome is unknown.
     *
     * @param backend where to
     * @param command what; its expectations hold as far as the caller was told
     * @return what the caller knows now
     * @throws StoreUnavailable if the outcome is unknown and the store cannot be asked for five minutes
     */
    public static Told append(LogBackend backend, AppendCommand command) {
        return append(backend, command, SureAppend::resolve);
    }

    /**
     * Appends, and finds out in a way of the caller's own where the outcome is unknown.
     *
     * @param backend where to
     * @param command what; its expectations hold as far as the caller was told
     * @param resolving asks what became of the append; what it throws is thrown on
     * @return what the caller knows now
     */
    public static Told append(
            LogBackend backend,
            AppendCommand command,
            Function<AppendOutcomeUnknown, Optional<AppendResult>> resolving) {
        try {
            AppendOutcome outcome = backend.append(command);
            assertThat(outcome)
                    .as("the answer to %s", command.expectations())
                    .isInstanceOf(AppendOutcome.Appended.class);
            return Told.APPENDED;
        } catch (StoreUnavailable e) {
            return Told.NOT_APPENDED;
        } catch (AppendOutcomeUnknown e) {
            return resolving.apply(e).isPresent() ? Told.UNKNOWN_AND_APPENDED : Told.UNKNOWN_AND_NOT_APPENDED;
        }
    }

    /**
     * Asks what became of an append until the store answers.
     *
     * @param unknown the append
     * @return its result where it was written
     * @throws StoreUnavailable if the store cannot be asked for five minutes
     */
    public static Optional<AppendResult> resolve(AppendOutcomeUnknown unknown) {
        long begun = System.nanoTime();
        while (true) {
            try {
                return unknown.resolve();
            } catch (StoreUnavailable e) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Lets a store that cannot be reached come back. */
    static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the store", e);
        }
    }
}
