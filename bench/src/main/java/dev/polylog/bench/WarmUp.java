package dev.polylog.bench;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Whether there is more to warm up: in this process the compiler, which takes its time unevenly, most where most code is
 * new, and in the stores' own processes whatever makes them faster still. Confined to one thread.
 */
final class WarmUp {

    /** Turns at most, so that a machine on which nothing is ever quiet is measured all the same. */
    static final int MOST_TURNS = 10;

    /** One turn alone shows no rise. */
    static final int FEWEST_TURNS = 2;

    private static final double RISE = 1.1;

    private final BooleanSupplier compilerIsBusy;
    private final Map<String, Double> best = new HashMap<>();
    private int turns;
    private boolean rising;

    WarmUp(BooleanSupplier compilerIsBusy) {
        this.compilerIsBusy = compilerIsBusy;
    }

    /** True before the first turns; then as long as the last one showed that it goes on, and there were not too many. */
    boolean goesOn() {
        boolean more = compilerIsBusy.getAsBoolean() || rising || turns < FEWEST_TURNS;
        rising = false;
        return turns++ < MOST_TURNS && more;
    }

    /** A contender's rate in this turn: one that is a tenth above all before may rise further. */
    void saw(String contender, double perSecond) {
        Double before = best.get(contender);
        rising |= before != null && perSecond > before * RISE;
        best.merge(contender, perSecond, Math::max);
    }
}
