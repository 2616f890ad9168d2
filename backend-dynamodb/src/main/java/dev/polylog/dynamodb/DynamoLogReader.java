package dev.polylog.dynamodb;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.dynamodb.Chunk.Stored;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.support.EventSizes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Reads everything, in four steps.
 *
 * <ol>
 *   <li>The tail says up to which group the log goes now.
 *   <li>Groups are read by their exact keys, some at a time.
 *   <li>Of the items that they name, those of streams that the filter wants are read by their exact keys.
 *   <li>Events are shown in the order that the groups say, until the page is full or the tail is reached.
 * </ol>
 *
 * <p>Thread-safe. Rules G-01 to G-06.
 */
final class DynamoLogReader {

    /** A page looks at so many groups at most before it says how far it got. */
    private static final long MOST_GROUPS = 2_000;

    private static final long LEAST_GROUPS = 10;

    private final DynamoHead head;
    private final DynamoLog log;

    DynamoLogReader(DynamoHead head, DynamoLog log) {
        this.head = head;
        this.log = log;
    }

    LogSlice read(LogRead read) {
        return new Page(read, head.read()).fill();
    }

    /** One item that a page may show, with the place of its first event. */
    private record Place(LogEntry entry, long group, int index) {

        Position position(int offset) {
            return DynamoTail.position(group, index + (long) offset);
        }
    }

    /** A page that is being filled. Confined to one thread. */
    private final class Page {

        private final LogRead read;
        private final DynamoTail tail;
        private final boolean forwards;
        private final List<RecordedEvent> events = new ArrayList<>();
        private long bytes;
        private Position lookedUpTo;
        private boolean full;

        Page(LogRead read, DynamoTail tail) {
            this.read = read;
            this.tail = tail;
            this.forwards = read.direction() == Direction.FORWARDS;
            this.lookedUpTo = read.bound();
        }

        LogSlice fill() {
            long bound = read.bound().high() < 0 ? Long.MAX_VALUE : read.bound().high();
            long next = forwards ? Math.max(1, bound) : Math.min(bound, tail.group());
            long stop = forwards ? tail.group() : 1;
            long looked = 0;
            while (!full && (forwards ? next <= stop : next >= stop) && looked < MOST_GROUPS) {
                long count = Math.min(window(looked), forwards ? stop - next + 1 : next - stop + 1);
                List<LogGroup> groups = forwards
                        ? log.groups(tail, next, next + count - 1)
                        : reversed(log.groups(tail, next - count + 1, next));
                show(groups);
                next += forwards ? count : -count;
                looked += count;
            }
            return new LogSlice(events, lookedUpTo, full ? isLast() : forwards ? next > stop : next < stop);
        }

        /** Whether the event that filled the page was the last in its direction. */
        private boolean isLast() {
            return forwards ? !tail.head().isAfter(lookedUpTo) : lookedUpTo.equals(DynamoTail.position(1, 0));
        }

        /**
         * Without a filter every group but a fenced one has an event to show; with one, the window grows as long as the page
         * is not full.
         */
        private long window(long looked) {
            int room = read.maxEvents() - events.size();
            long wanted = read.filter().isAll() ? room : Math.max(room, Math.max(LEAST_GROUPS, looked));
            return Math.min(DynamoCalls.MOST_KEYS, wanted);
        }

        private void show(List<LogGroup> groups) {
            List<Place> places = new ArrayList<>();
            for (LogGroup group : groups) {
                add(group, places);
            }
            for (int begin = 0; begin < places.size() && !full; begin += DynamoLog.MOST_ITEMS) {
                List<Place> part = places.subList(begin, Math.min(places.size(), begin + DynamoLog.MOST_ITEMS));
                Map<Key, Stored> items =
                        log.items(tail, part.stream().map(Place::entry).toList());
                for (Place place : part) {
                    show(place, Objects.requireNonNull(items.get(place.entry().key())));
                }
            }
            if (!full && !groups.isEmpty()) {
                LogGroup last = groups.get(groups.size() - 1);
                reach(DynamoTail.position(last.group(), forwards ? Math.max(0, last.events() - 1) : 0));
            }
        }

        private void add(LogGroup group, List<Place> places) {
            List<Place> wanted = new ArrayList<>();
            int index = 0;
            for (LogEntry entry : group.entries()) {
                Place place = new Place(entry, group.group(), index);
                boolean beyond = forwards
                        ? place.position(entry.count() - 1).isAfter(read.bound())
                        : read.bound().isAfter(place.position(0));
                if (beyond && wants(entry.stream())) {
                    wanted.add(place);
                }
                index += entry.count();
            }
            places.addAll(forwards ? wanted : reversed(wanted));
        }

        /** By the name alone; the type is in the item. */
        private boolean wants(StreamId stream) {
            Filter filter = read.filter();
            return stream.name().startsWith(filter.prefix())
                    && (filter.categories().isEmpty() || filter.categories().contains(stream.category()));
        }

        private void show(Place place, Stored item) {
            int count = place.entry().count();
            for (int i = 0; i < count && !full; i++) {
                int offset = forwards ? i : count - 1 - i;
                Position position = place.position(offset);
                boolean beyond =
                        forwards ? position.isAfter(read.bound()) : read.bound().isAfter(position);
                if (beyond) {
                    show(item.event(place.entry().version() + offset), position);
                }
            }
        }

        private void show(RecordedEvent event, Position position) {
            if (read.filter().matches(event.stream(), event.type())) {
                events.add(event);
                bytes += EventSizes.of(event);
                reach(position);
                full = events.size() >= read.maxEvents() || bytes >= read.maxBytes();
            }
        }

        private void reach(Position position) {
            if (forwards ? position.isAfter(lookedUpTo) : lookedUpTo.isAfter(position)) {
                lookedUpTo = position;
            }
        }
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }
}
