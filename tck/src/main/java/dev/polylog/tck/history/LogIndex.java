package dev.polylog.tck.history;

import dev.polylog.Position;
import dev.polylog.StreamId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The final log, ready for questions: entries by stream and version, by id, by position. Confined to one thread.
 *
 * <p>An entry is named by its index in the log's order; {@link #NONE} names none.
 */
final class LogIndex {

    static final int NONE = -1;

    private final List<LogEntry> entries;
    private final int startIndex;
    private final Map<StreamId, Ints> streams = new HashMap<>();
    private final Map<UUID, Integer> lastWithId = new HashMap<>();
    private final int[] previousWithId;

    LogIndex(LogImage image) {
        this.entries = image.entries();
        this.previousWithId = new int[entries.size()];
        for (int i = 0; i < entries.size(); i++) {
            LogEntry entry = entries.get(i);
            streams.computeIfAbsent(entry.stream(), key -> new Ints()).add(i);
            Integer previous = lastWithId.put(entry.id(), i);
            previousWithId[i] = previous == null ? NONE : previous;
        }
        this.startIndex = firstAfter(image.start());
    }

    int size() {
        return entries.size();
    }

    LogEntry entry(int index) {
        return entries.get(index);
    }

    /** The first entry that was not there before the history began. */
    int startIndex() {
        return startIndex;
    }

    Map<StreamId, Ints> streams() {
        return streams;
    }

    /** The entries of a stream in the log's order; empty where there are none. */
    Ints stream(StreamId stream) {
        Ints indexes = streams.get(stream);
        return indexes == null ? Ints.EMPTY : indexes;
    }

    /** The entry at a version of a stream. */
    int at(StreamId stream, long version) {
        Ints indexes = stream(stream);
        return version >= 1 && version <= indexes.size() ? indexes.get((int) version - 1) : NONE;
    }

    /** The first entry of a stream with that id. */
    int first(StreamId stream, UUID id) {
        int found = NONE;
        for (int i = last(id); i != NONE; i = previousWithId[i]) {
            if (entries.get(i).stream().equals(stream)) {
                found = i;
            }
        }
        return found;
    }

    /** The last entry with that id, in whatever stream. */
    int last(UUID id) {
        return lastWithId.getOrDefault(id, NONE);
    }

    /** The entry with the same id that comes before an entry, in whatever stream. */
    int previous(int index) {
        return previousWithId[index];
    }

    /** The first entry with a position beyond this one; the log's size where there is none. */
    int firstAfter(Position position) {
        int index = firstNotBefore(position);
        return index < size() && entries.get(index).position().equals(position) ? index + 1 : index;
    }

    /** The first entry with this position or a greater one; the log's size where there is none. */
    int firstNotBefore(Position position) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).position().compareTo(position) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether an append's events stand here one after another, in their order. */
    boolean standsAt(Action.Append append, int index) {
        int at = index;
        for (Action.Write write : append.writes()) {
            for (UUID id : write.ids()) {
                if (at >= size()
                        || !entries.get(at).id().equals(id)
                        || !entries.get(at).stream().equals(write.stream())) {
                    return false;
                }
                at++;
            }
        }
        return true;
    }

    /** Whether a write's events stand in its stream from a version on. */
    boolean standsAt(Action.Write write, long firstVersion) {
        long version = firstVersion;
        for (UUID id : write.ids()) {
            int index = at(write.stream(), version);
            if (index == NONE || !entries.get(index).id().equals(id)) {
                return false;
            }
            version++;
        }
        return true;
    }

    /** A growing list of ints. */
    static final class Ints {

        static final Ints EMPTY = new Ints();

        private int[] values = new int[2];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        int get(int index) {
            return values[index];
        }

        int size() {
            return size;
        }
    }
}
