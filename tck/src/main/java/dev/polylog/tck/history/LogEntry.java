package dev.polylog.tck.history;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.util.List;
import java.util.UUID;

/**
 * What the checker needs to know about an event: where it stands and which one it is, but not its content.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream its stream
 * @param version its version in the stream
 * @param position its place in the global order
 * @param id its id
 * @param type its type, for filtered reads
 */
public record LogEntry(StreamId stream, long version, Position position, UUID id, String type) {

    /**
     * The entry of an event.
     *
     * @param event the event as a store returned it
     * @return its entry
     */
    public static LogEntry of(RecordedEvent event) {
        return new LogEntry(event.stream(), event.version(), event.position(), event.id(), event.type());
    }

    /**
     * The entries of some events.
     *
     * @param events the events, in any order
     * @return their entries in the same order
     */
    public static List<LogEntry> listOf(List<RecordedEvent> events) {
        return events.stream().map(LogEntry::of).toList();
    }

    @Override
    public String toString() {
        return stream + "/" + version + "@" + position + " " + id;
    }
}
