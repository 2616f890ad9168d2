package dev.polylog.tck;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.List;

/** Whole reads, page by page, straight from a backend. Stateless and thread-safe. */
final class LogReads {

    private LogReads() {}

    /** Everything after a position, in pages of a given size. */
    static List<RecordedEvent> forwards(LogBackend backend, Position after, int page) {
        return forwards(backend, after, Filter.all(), page);
    }

    /** What passes a filter after a position, in pages of a given size. */
    static List<RecordedEvent> forwards(LogBackend backend, Position after, Filter filter, int page) {
        List<RecordedEvent> events = new ArrayList<>();
        Position bound = after;
        while (true) {
            LogSlice slice = backend.readAll(LogRead.after(bound, page).withFilter(filter));
            events.addAll(slice.events());
            if (slice.atHead()) {
                return events;
            }
            requireProgress(bound, slice);
            bound = slice.lookedUpTo();
        }
    }

    /** Everything between the end and a position, itself excluded, latest first. */
    static List<RecordedEvent> backwards(LogBackend backend, Position downTo, int page) {
        List<RecordedEvent> events = new ArrayList<>();
        Position bound = Position.END;
        while (true) {
            LogSlice slice =
                    backend.readAll(new LogRead(Direction.BACKWARDS, bound, Filter.all(), page, Long.MAX_VALUE));
            for (RecordedEvent event : slice.events()) {
                if (!event.position().isAfter(downTo)) {
                    return events;
                }
                events.add(event);
            }
            if (slice.atHead()) {
                return events;
            }
            requireProgress(bound, slice);
            bound = slice.lookedUpTo();
        }
    }

    /** A stream from a version to its end. */
    static List<RecordedEvent> stream(LogBackend backend, StreamId stream, long from, int page) {
        List<RecordedEvent> events = new ArrayList<>();
        long next = from;
        while (true) {
            StreamSlice slice = backend.readStream(StreamRead.forwards(stream, next, page));
            events.addAll(slice.events());
            if (slice.endOfStream()) {
                return events;
            }
            requireProgress(slice);
            next = slice.events().get(slice.events().size() - 1).version() + 1;
        }
    }

    /** A stream from its end back to a version, that included. */
    static List<RecordedEvent> back(LogBackend backend, StreamId stream, long downTo) {
        List<RecordedEvent> events = new ArrayList<>();
        long next = Long.MAX_VALUE;
        while (next >= downTo) {
            StreamSlice slice = backend.readStream(StreamRead.backwards(stream, next, 5));
            slice.events().stream().filter(event -> event.version() >= downTo).forEach(events::add);
            if (slice.endOfStream()) {
                return events;
            }
            requireProgress(slice);
            next = slice.events().get(slice.events().size() - 1).version() - 1;
        }
        return events;
    }

    private static void requireProgress(Position bound, LogSlice slice) {
        if (slice.lookedUpTo().equals(bound)) {
            throw new RuleBroken("G-05", "a page beyond " + bound + " is not the last, but got no further");
        }
    }

    private static void requireProgress(StreamSlice slice) {
        if (slice.events().isEmpty()) {
            throw new RuleBroken("R-02", "a page of a stream is empty, but not the last");
        }
    }
}
