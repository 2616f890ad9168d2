package dev.polylog.tck;

import dev.polylog.spi.LogBackend;

/**
 * The power of a {@link TckHarness} to make a log whose layout is of a version that the backend does not know (rule
 * L-01). The test of every backend whose logs outlive the process should have it.
 */
public interface NewerLayout {

    /**
     * Makes a log of its own that is laid out in an unknown newer version, and opens it.
     *
     * @return never, where the rule is kept
     * @throws dev.polylog.IncompatibleLayout as the rule demands
     */
    LogBackend openNewerLayout();
}
