package dev.polylog.tck.history;

import dev.polylog.StreamId;
import dev.polylog.tck.history.LogIndex.Ints;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The final log, cut into appends. Confined to one thread.
 *
 * <p>The appends since the history began are numbered 1, 2, 3 … in the log's order; {@link #BEFORE} stands for all that was
 * there before. The log was in <em>state</em> s when the appends 1 to s were in it and no others.
 */
final class Units {

    static final int BEFORE = 0;

    /**
     * One append in the log.
     *
     * @param first the index of its first entry
     * @param size how many entries it has
     * @param writers the one who was told that it wrote them, or all who may have; empty where others wrote them
     */
    record Unit(int first, int size, List<Operation> writers) {

        boolean acknowledged() {
            return writers.size() == 1 && writers.get(0).outcome() instanceof Outcome.Decided;
        }

        /** What was appended; null where others wrote it. */
        Action.@Nullable Append append() {
            return writers.isEmpty() ? null : (Action.Append) writers.get(0).action();
        }
    }

    /** States from {@code lo} to {@code hi}; none where {@code lo} is greater. */
    record States(int lo, int hi) {

        boolean isEmpty() {
            return lo > hi;
        }

        States atMost(int last) {
            return last < hi ? new States(lo, last) : this;
        }

        States atLeast(int first) {
            return first > lo ? new States(first, hi) : this;
        }
    }

    private final LogIndex log;
    private final int[] unitOf;
    private final List<Unit> units = new ArrayList<>();

    Units(LogIndex log) {
        this.log = log;
        this.unitOf = new int[log.size()];
    }

    void add(Unit unit) {
        units.add(unit);
        Arrays.fill(unitOf, unit.first(), unit.first() + unit.size(), units.size());
    }

    int size() {
        return units.size();
    }

    Unit unit(int number) {
        return units.get(number - 1);
    }

    /** The append that wrote an entry. */
    int of(int entry) {
        return unitOf[entry];
    }

    /** The append that wrote the entry, or the one after the last where the log ends before it. */
    int ofOrEnd(int entry) {
        return entry < unitOf.length ? unitOf[entry] : units.size() + 1;
    }

    /** All states. */
    States all() {
        return new States(0, units.size());
    }

    /** The states in which a stream had a version; empty where it never had. */
    States withVersion(StreamId stream, long version) {
        Ints entries = log.stream(stream);
        if (version < 0 || version > entries.size()) {
            return new States(1, 0);
        }
        int lo = version == 0 ? 0 : unitOf[entries.get((int) version - 1)];
        int hi = version == entries.size() ? size() : unitOf[entries.get((int) version)] - 1;
        return new States(lo, hi);
    }

    /** The version that a stream had in a state. */
    long version(StreamId stream, int state) {
        Ints entries = log.stream(stream);
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (unitOf[entries.get(middle)] <= state) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
