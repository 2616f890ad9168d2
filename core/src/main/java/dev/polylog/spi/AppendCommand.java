package dev.polylog.spi;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * One atomic append: what must hold, and what to write. The usual command has one of each.
 *
 * <p>Immutable and thread-safe.
 *
 * @param expectations what the version of each stream must be, in the order given; holds every written stream, and
 *     streams that are only looked at where the backend's traits allow it (rule A-11)
 * @param writes the events by stream, in their global order (rule A-06); at least one, no stream twice
 */
public record AppendCommand(Map<StreamId, ExpectedVersion> expectations, List<StreamWrite> writes) {

    /** Copies both and rejects a command whose parts do not fit together. */
    public AppendCommand {
        expectations = copy(expectations);
        writes = List.copyOf(writes);
        if (writes.isEmpty()) {
            throw new IllegalArgumentException("a command writes at least one stream");
        }
        Set<StreamId> seen = new HashSet<>(2 * writes.size());
        for (StreamWrite write : writes) {
            if (!seen.add(write.stream()) || !expectations.containsKey(write.stream())) {
                throw new IllegalArgumentException(
                        "stream " + write.stream() + " is written twice or has no expectation");
            }
        }
    }

    /** In the same order; of one entry, as nearly always, a map that takes a tenth of the memory. */
    private static Map<StreamId, ExpectedVersion> copy(Map<StreamId, ExpectedVersion> expectations) {
        if (expectations.size() != 1) {
            return Collections.unmodifiableMap(new LinkedHashMap<>(expectations));
        }
        Map.Entry<StreamId, ExpectedVersion> only =
                expectations.entrySet().iterator().next();
        return Map.of(only.getKey(), only.getValue());
    }

    /**
     * A command that writes one stream.
     *
     * @param stream the stream
     * @param expected what its version must be
     * @param events the events, in order
     * @return the command
     */
    public static AppendCommand of(StreamId stream, ExpectedVersion expected, List<EventData> events) {
        return new AppendCommand(Map.of(stream, expected), List.of(new StreamWrite(stream, events)));
    }

    /**
     * How many events the command writes.
     *
     * @return the number over all streams
     */
    public int eventCount() {
        return writes.stream().mapToInt(write -> write.events().size()).sum();
    }

    /**
     * The ids of all events.
     *
     * @return the ids in the order in which the events are written
     */
    public List<UUID> eventIds() {
        return writes.stream()
                .flatMap(write -> write.events().stream())
                .map(EventData::id)
                .toList();
    }

    /**
     * The events that go to one stream.
     *
     * @param stream the stream
     * @param events its events, in order; never empty
     */
    public record StreamWrite(StreamId stream, List<EventData> events) {

        /** Copies the list and rejects an empty one. */
        public StreamWrite {
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException("stream " + stream + ": no events to write");
            }
        }
    }
}
