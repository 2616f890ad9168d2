package dev.polylog.bench;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What to compare, and how long.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stores URLs of the stores, each compared with its own raw baseline where there is one
 * @param workloads which workloads
 * @param rounds how often each workload is measured on each contender, 1 or more
 * @param roundTime how long one measurement takes
 * @param warmUp how long each contender is used before a workload is measured; again and again until the JVM's compiler
 *     has little to do, at most four times
 * @param maxEvents after so many events a measurement ends early, so that memory and disks do not fill up
 * @param readEvents how many events are there when everything is read
 * @param offeredRate events a second that are offered to the subscription
 */
public record BenchOptions(
        List<String> stores,
        Set<Workload> workloads,
        int rounds,
        Duration roundTime,
        Duration warmUp,
        int maxEvents,
        int readEvents,
        int offeredRate) {

    /** Copies the collections and lists everything that makes no sense. */
    public BenchOptions {
        stores = List.copyOf(stores);
        workloads = Set.copyOf(workloads);
        if (stores.isEmpty()
                || workloads.isEmpty()
                || rounds < 1
                || roundTime.isZero()
                || roundTime.isNegative()
                || warmUp.isNegative()
                || maxEvents < 1
                || readEvents < 1
                || offeredRate < 1) {
            throw new IllegalArgumentException("stores " + stores + ", workloads " + workloads + ", rounds " + rounds
                    + ", roundTime " + roundTime + ", warmUp " + warmUp + ", maxEvents " + maxEvents + ", readEvents "
                    + readEvents + ", offeredRate " + offeredRate
                    + ": expected at least one store and one workload, and all numbers greater than 0");
        }
    }

    /**
     * Enough for figures that one can rely on: some minutes a store.
     *
     * @param stores URLs of the stores
     * @return the options
     */
    public static BenchOptions full(List<String> stores) {
        return new BenchOptions(
                stores,
                EnumSet.allOf(Workload.class),
                5,
                Duration.ofSeconds(3),
                Duration.ofSeconds(2),
                400_000,
                200_000,
                200);
    }

    /**
     * A first impression: a minute or two a store.
     *
     * @param stores URLs of the stores
     * @return the options
     */
    public static BenchOptions quick(List<String> stores) {
        return new BenchOptions(
                stores,
                EnumSet.allOf(Workload.class),
                3,
                Duration.ofMillis(500),
                Duration.ofMillis(300),
                200_000,
                20_000,
                100);
    }

    /**
     * The same for some workloads only.
     *
     * @param wanted which
     * @return new options
     */
    public BenchOptions withWorkloads(Set<Workload> wanted) {
        return new BenchOptions(stores, wanted, rounds, roundTime, warmUp, maxEvents, readEvents, offeredRate);
    }
}
