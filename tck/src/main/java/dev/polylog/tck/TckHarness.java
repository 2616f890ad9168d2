package dev.polylog.tck;

import dev.polylog.spi.LogBackend;
import java.time.Duration;

/**
 * What the kit must know of a backend in order to judge it.
 *
 * <p>A backend's test class implements it and holds one empty nested class a chapter. A backend that can be made to lose
 * the answer of an append implements {@link UnknownOutcomes} as well. JUnit makes a new instance for every test; the log
 * may be the same or another one for each, and need not be empty. Methods may be called from several threads at once.
 */
public interface TckHarness {

    /**
     * Opens one more handle on the log, as another process would: nothing is shared with other handles but the store.
     *
     * @return the open backend; the kit closes it
     */
    LogBackend open();

    /**
     * Where this kind of store cannot be reached (rule L-04).
     *
     * @return an address at which opening fails, or why there is none
     */
    Unreachable unreachable();

    /**
     * How long something may take that must happen in the end. Only waiting for what never comes takes this long, so it is
     * generous: a busy machine is no broken rule.
     *
     * @return by default two minutes
     */
    default Duration patience() {
        return Duration.ofMinutes(2);
    }
}
