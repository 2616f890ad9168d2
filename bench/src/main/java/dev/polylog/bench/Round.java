package dev.polylog.bench;

import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measurement of one contender.
 *
 * <p>Immutable and thread-safe.
 *
 * @param operations how many operations succeeded
 * @param perSecond how many a second; null where the run broke a rule
 * @param p50Micros half of the operations took at most so many microseconds; null as above, or where nothing was timed
 * @param p95Micros the same for 95 of 100
 * @param p99Micros the same for 99 of 100
 * @param maxMicros the longest
 * @param conflicts how many appends were refused because of their version
 * @param errors how many operations failed
 * @param firstError the first failure; null where there was none
 * @param violations what the history checker found
 */
public record Round(
        long operations,
        @Nullable Double perSecond,
        @Nullable Double p50Micros,
        @Nullable Double p95Micros,
        @Nullable Double p99Micros,
        @Nullable Double maxMicros,
        long conflicts,
        long errors,
        @Nullable String firstError,
        List<String> violations) {

    /** Copies the list. */
    public Round {
        violations = List.copyOf(violations);
    }

    static Round of(Tally tally, double seconds, List<String> violations) {
        boolean sound = violations.isEmpty() && tally.operations() > 0;
        Histogram times = tally.times();
        return new Round(
                tally.operations(),
                sound ? tally.operations() / seconds : null,
                sound ? micros(times.getValueAtPercentile(50)) : null,
                sound ? micros(times.getValueAtPercentile(95)) : null,
                sound ? micros(times.getValueAtPercentile(99)) : null,
                sound ? micros(times.getMaxValue()) : null,
                tally.conflicts(),
                tally.errors(),
                tally.firstError(),
                violations);
    }

    private static Double micros(long nanos) {
        return nanos / 1_000.0;
    }
}
