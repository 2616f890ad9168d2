package dev.polylog.subscription;

import org.junit.jupiter.api.Test;

/** Many short lives of a log and its subscriptions, each decided by a seed, in simulated time. */
class SimulationTest {

    private static final String SEED = "polylog.simulation.seed";
    private static final int SEEDS = 2000;

    @Test
    void whatever_happens_every_wanted_event_is_handled_in_order_or_parked() {
        Long only = Long.getLong(SEED);
        long first = only == null ? 1 : only;
        long last = only == null ? SEEDS : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Simulation(seed).run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (repeat it alone with -D" + SEED + "=" + seed + ")", e);
            }
        }
    }
}
