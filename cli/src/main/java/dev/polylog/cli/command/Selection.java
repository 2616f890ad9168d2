package dev.polylog.cli.command;

import dev.polylog.Direction;
import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which events a read is about, and in which order.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream; null for all
 * @param filter which events
 * @param from the first version of a stream that is wanted
 * @param to the last version of a stream that is wanted
 * @param after the position after which events are wanted where all streams are read
 * @param direction which way
 * @param limit the most events
 * @param last how many events to take from the end, printed forwards; negative to begin at the beginning
 */
record Selection(
        @Nullable StreamId stream,
        Filter filter,
        long from,
        long to,
        Position after,
        Direction direction,
        long limit,
        long last) {

    /** The events, read while they are looked at; the last N of a read are held in memory. */
    Iterable<RecordedEvent> read(EventStore store) {
        if (last >= 0) {
            ArrayDeque<RecordedEvent> turned = new ArrayDeque<>();
            read(store, Direction.BACKWARDS, last).forEach(turned::addFirst);
            return turned;
        }
        return () -> read(store, direction, limit).iterator();
    }

    private Stream<RecordedEvent> read(EventStore store, Direction way, long most) {
        if (most == 0) {
            return Stream.empty();
        }
        Iterator<RecordedEvent> events = stream == null
                ? ofAll(store, way, most).iterator()
                : ofStream(store, stream, way).iterator();
        Iterable<RecordedEvent> once = () -> events;
        return StreamSupport.stream(once.spliterator(), false)
                .takeWhile(event -> isBeforeEnd(event, way))
                .filter(event -> stream == null || filter.matches(event.stream(), event.type()))
                .limit(most);
    }

    private Iterable<RecordedEvent> ofAll(EventStore store, Direction way, long most) {
        ReadOptions.OfAll options = ReadOptions.all().filter(filter);
        ReadOptions.OfAll directed = way == Direction.FORWARDS ? options.after(after) : options.backwards();
        return store.readAll(directed.pageSize((int) Math.min(most, ReadOptions.DEFAULT_PAGE_SIZE)));
    }

    private Iterable<RecordedEvent> ofStream(EventStore store, StreamId name, Direction way) {
        ReadOptions.OfStream options = ReadOptions.stream();
        return store.readStream(
                name,
                way == Direction.FORWARDS
                        ? options.from(from)
                        : options.backwards().from(to));
    }

    private boolean isBeforeEnd(RecordedEvent event, Direction way) {
        if (stream == null) {
            return way == Direction.FORWARDS || event.position().isAfter(after);
        }
        return way == Direction.FORWARDS ? event.version() <= to : event.version() >= from;
    }
}
