package dev.polylog.bench;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one client, or all of them together, got done. Confined to one thread. */
final class Tally {

    private static final int DIGITS = 3;

    private final Histogram times = new Histogram(DIGITS);
    private long operations;
    private long conflicts;
    private long errors;
    private @Nullable String firstError;

    void done(long nanos, long units) {
        times.recordValue(Math.max(0, nanos));
        operations += units;
    }

    void conflict() {
        conflicts++;
    }

    void error(Throwable failure) {
        errors++;
        if (firstError == null) {
            firstError = failure.toString();
        }
    }

    void add(Tally other) {
        times.add(other.times);
        operations += other.operations;
        conflicts += other.conflicts;
        errors += other.errors;
        if (firstError == null) {
            firstError = other.firstError;
        }
    }

    Histogram times() {
        return times;
    }

    long operations() {
        return operations;
    }

    long conflicts() {
        return conflicts;
    }

    long errors() {
        return errors;
    }

    @Nullable
    String firstError() {
        return firstError;
    }
}
