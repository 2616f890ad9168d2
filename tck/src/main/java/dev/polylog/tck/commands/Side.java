package dev.polylog.tck.commands;

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

/**
 * One of the two stores that are compared: reads page by page and answers in terms that mean the same on both. Confined to
 * one thread.
 */
final class Side {

    private final String prefix;
    private final Position start;
    private LogBackend backend;

    Side(LogBackend backend, String prefix) {
        this.backend = backend;
        this.prefix = prefix;
        this.start = backend.status().watermark().head();
    }

    LogBackend backend() {
        return backend;
    }

    void backend(LogBackend reopened) {
        this.backend = reopened;
    }

    List<RecordedEvent> stream(StreamId stream, Direction direction, long from, int pageSize) {
        List<RecordedEvent> events = new ArrayList<>();
        long at = from;
        while (true) {
            StreamSlice slice = backend.readStream(new StreamRead(stream, direction, at, pageSize, Long.MAX_VALUE));
            require(
                    slice.events().size() <= pageSize,
                    "a page of " + slice.events().size() + " for " + pageSize);
            events.addAll(slice.events());
            if (slice.endOfStream()) {
                return events;
            }
            require(!slice.events().isEmpty(), "an empty page that is not the last");
            long last = slice.events().get(slice.events().size() - 1).version();
            at = direction == Direction.FORWARDS ? last + 1 : last - 1;
        }
    }

    long version(StreamId stream) {
        return backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                .streamVersion();
    }

    /** Everything of the sequence, in the global order. */
    List<RecordedEvent> log() {
        return log(Direction.FORWARDS, start, Filter.all(), 1_000);
    }

    /** A read of everything; events of others are left out. */
    List<RecordedEvent> log(Direction direction, Position bound, Filter filter, int pageSize) {
        List<RecordedEvent> events = new ArrayList<>();
        Position at = bound;
        boolean more = true;
        while (more) {
            LogSlice slice = backend.readAll(new LogRead(direction, at, filter, pageSize, Long.MAX_VALUE));
            require(
                    slice.events().size() <= pageSize,
                    "a page of " + slice.events().size() + " for " + pageSize);
            slice.events().stream()
                    .filter(event -> event.stream().name().contains(prefix))
                    .forEach(events::add);
            boolean moved = !slice.lookedUpTo().equals(at);
            require(moved || slice.atHead(), "a page that looked no further and is not the last");
            at = slice.lookedUpTo();
            boolean beforeStart = direction == Direction.BACKWARDS && !at.isAfter(start);
            more = !slice.atHead() && !beforeStart;
        }
        return events;
    }

    /** The position of the sequence's event with that number in the global order; 0 is the head before the first. */
    Position bound(int events) {
        if (events < 0) {
            return Position.END;
        }
        List<RecordedEvent> log = log();
        int index = Math.min(events, log.size());
        return index == 0 ? start : log.get(index - 1).position();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
