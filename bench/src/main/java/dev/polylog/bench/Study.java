package dev.polylog.bench;

import dev.polylog.spi.BackendUrl;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Questions about one store that a comparison does not answer: how it grows, how many processes share it, how soon another
 * process has an event.
 *
 * <p>The command line calls it, and whoever wants figures in a program. Stateless and thread-safe. It writes streams of its
 * own names ({@code Bench…}) and leaves them there. Some start processes of their own, from the class path of this one,
 * which end with the call. Failures of the store and of processes are exceptions: a study has no partial result.
 */
public final class Study {

    private Study() {}

    /**
     * How long a study takes.
     *
     * @param rounds how often everything is measured, 1 or more
     * @param roundTime how long one measurement takes
     */
    public record Effort(int rounds, Duration roundTime) {

        /** Rejects what makes no sense. */
        public Effort {
            if (rounds < 1 || roundTime.isZero() || roundTime.isNegative()) {
                throw new IllegalArgumentException(
                        "rounds " + rounds + ", roundTime " + roundTime + ": expected more than 0");
            }
        }
    }

    /**
     * What appending costs at the end of a long stream and in a store with many events, compared with a short stream and
     * with a store that is nearly empty. Fills the store first.
     *
     * @param store the store to fill
     * @param empty another store of the same kind, without events
     * @param events how many events to fill it with
     * @param streamLength how many of them belong to one stream
     * @param effort how long to measure
     * @param listener is told how far it is
     * @return ratios of times an append
     * @throws Exception if a store cannot be used
     */
    public static StudyReport growth(
            String store, String empty, long events, int streamLength, Effort effort, ProgressListener listener)
            throws Exception {
        try (StoreContender full = Contenders.store(BackendUrl.parse(store));
                StoreContender small = Contenders.store(BackendUrl.parse(empty))) {
            return report(new GrowthStudy(full, small, run(), effort, listener).measure(events, streamLength));
        }
    }

    /**
     * How many appends a second several processes get done together, compared with as many that use the plain driver.
     *
     * @param store the store
     * @param processes how many processes
     * @param writers how many writers in each
     * @param effort how long to measure
     * @param listener is told how far it is
     * @return rates, and their ratio where there is a plain driver
     * @throws Exception if the store cannot be used, or a process fails
     */
    public static StudyReport processes(
            String store, int processes, int writers, Effort effort, ProgressListener listener) throws Exception {
        return report(new ProcessesStudy(store, run(), processes, writers, effort, listener).measure());
    }

    /**
     * How soon a live subscription has an event that another process appended, counted from the moment at which the
     * append was due.
     *
     * @param store the store
     * @param rate events a second
     * @param effort how long to measure
     * @param listener is told how far it is
     * @return times
     * @throws Exception if the store cannot be used, or the process fails
     */
    public static StudyReport delivery(String store, int rate, Effort effort, ProgressListener listener)
            throws Exception {
        return report(new DeliveryStudy(store, run(), rate, effort, listener).measure());
    }

    private static StudyReport report(List<StudyReport.Measure> measures) {
        return new StudyReport(Environment.here(Clock.systemUTC()), measures);
    }

    private static String run() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
