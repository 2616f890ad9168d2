package dev.polylog.dynamodb;

import dev.polylog.Direction;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.dynamodb.Chunk.Stored;
import dev.polylog.dynamodb.DynamoStreams.End;
import dev.polylog.dynamodb.DynamoStreams.Items;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.EventSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one stream, in three steps.
 *
 * <ol>
 *   <li>Queries give items, whose versions must follow each other: a gap is half of a transaction, and the read begins
 *       anew.
 *   <li>Where the page reaches the last item that is there, this must be the end; else the end is looked for by itself.
 *   <li>The end is confirmed ({@link DynamoStreams#isEnd}), so that the page is what the stream was at one moment.
 * </ol>
 *
 * <p>Thread-safe. Rules.
 */
final class DynamoStreamReader {

    /** So many items a Query reads at most, so that a page of large items costs little more than it shows. */
    private static final int MOST_ITEMS = 200;

    private final DynamoCalls calls;
    private final DynamoStreams streams;

    DynamoStreamReader(DynamoCalls calls, DynamoStreams streams) {
        this.calls = calls;
        this.streams = streams;
    }

    StreamSlice read(StreamRead read) {
        DynamoCalls.Patience patience = calls.patience();
        while (true) {
            Optional<StreamSlice> slice = read.direction() == Direction.FORWARDS ? forwards(read) : backwards(read);
            if (slice.isPresent()) {
                return slice.get();
            }
            patience.pauseOrGiveUp("reading a stream", "an append to " + read.stream() + " is visible only in part");
        }
    }

    /**
     * Events that are known to have been committed, whatever stands behind them: what a stream holds never changes, so no
     * end has to be confirmed. Fewer where the stream has become shorter, as only a repair makes it.
     */
    List<RecordedEvent> committed(StreamId stream, long first, int count) {
        DynamoCalls.Patience patience = calls.patience();
        while (true) {
            Page page = new Page(new StreamRead(stream, Direction.FORWARDS, first, count, Long.MAX_VALUE));
            addRemembered(page);
            if (addStored(page) != Filled.TORN) {
                return page.events;
            }
            patience.pauseOrGiveUp("reading a stream", "an append to " + stream + " is visible only in part");
        }
    }

    private Optional<StreamSlice> forwards(StreamRead read) {
        Page page = new Page(read);
        addRemembered(page);
        Optional<End> remembered = rememberedEnd(page);
        if (remembered.isPresent()) {
            return remembered.map(end -> page.slice(end, true));
        }
        Filled filled = addStored(page);
        return filled == Filled.TORN
                ? Optional.empty()
                : end(read.stream(), page, filled == Filled.TO_THE_END)
                        .map(end -> page.slice(end, page.next > end.version()));
    }

    /** How far a page got. */
    private enum Filled {
        /** More may follow. */
        IN_PART,
        /** To the last item that is there. */
        TO_THE_END,
        /** A version is missing between others. */
        TORN
    }

    /** Adds what the table has from the page's next event on. */
    private Filled addStored(Page page) {
        if (page.events.isEmpty() && page.next > 1) {
            addCovering(page);
        }
        Items items = new Items(List.of(), true);
        while (items.more() && !page.isFull()) {
            items = streams.from(page.read.stream(), page.next, Math.min(page.room(), MOST_ITEMS));
            for (Stored item : items.items()) {
                if (page.isFull()) {
                    return Filled.IN_PART;
                }
                if (item.chunk().version() != page.next) {
                    return Filled.TORN;
                }
                page.addForwards(item);
            }
        }
        return items.more() ? Filled.IN_PART : Filled.TO_THE_END;
    }

    /** What was read lately is not read again. */
    private void addRemembered(Page page) {
        Optional<Stored> item = streams.remembered(page.read.stream(), page.next);
        while (item.isPresent() && !page.isFull()) {
            page.addForwards(item.get());
            item = streams.remembered(page.read.stream(), page.next);
        }
    }

    /** What was read lately may be all there is: one look behind it tells, without a Query. */
    private Optional<End> rememberedEnd(Page page) {
        Stored last = page.last;
        if (last == null || page.isFull() || !last.chunk().isLast()) {
            return Optional.empty();
        }
        return Optional.of(new End(last)).filter(end -> streams.isEnd(page.read.stream(), end.version(), end.group()));
    }

    /** The item in which the page begins. */
    private void addCovering(Page page) {
        List<Stored> covering = streams.upTo(page.read.stream(), page.next, 1).items();
        if (!covering.isEmpty() && covering.get(0).chunk().end() >= page.next) {
            page.addForwards(covering.get(0));
        }
    }

    /** Where the stream ends; nothing where only a part of an append is visible. */
    private Optional<End> end(StreamId stream, Page page, boolean exhausted) {
        Stored last = page.last;
        if (exhausted && last != null && last.chunk().end() < page.next) {
            if (!last.chunk().isLast()) {
                return Optional.empty();
            }
            End end = new End(last);
            if (streams.isEnd(stream, end.version(), end.group())) {
                return Optional.of(end);
            }
        }
        End end = streams.settledBehind(stream, page.next - 1);
        // Where others have gone on meanwhile, an empty page is no answer any more.
        return page.events.isEmpty() && end.version() >= page.next ? Optional.empty() : Optional.of(end);
    }

    private Optional<StreamSlice> backwards(StreamRead read) {
        End end = streams.settled(read.stream());
        Page page = new Page(read);
        page.next = Math.min(read.from(), end.version());
        Optional<Stored> item = streams.remembered(read.stream(), page.next);
        while (item.isPresent() && !page.isFull()) {
            page.addBackwards(item.get());
            item = streams.remembered(read.stream(), page.next);
        }
        while (page.next >= 1 && !page.isFull()) {
            for (Stored before : streams.upTo(read.stream(), page.next, Math.min(page.room(), MOST_ITEMS))
                    .items()) {
                if (before.chunk().version() > page.next || before.chunk().end() < page.next) {
                    return Optional.empty();
                }
                page.addBackwards(before);
                if (page.isFull()) {
                    break;
                }
            }
            if (page.events.isEmpty()) {
                return Optional.empty();
            }
        }
        return Optional.of(page.slice(end, page.next < 1));
    }

    /** A page that is being filled. Confined to one thread. */
    private static final class Page {

        private final StreamRead read;
        private final List<RecordedEvent> events = new ArrayList<>();
        private long bytes;
        private long next;
        private @Nullable Stored last;

        Page(StreamRead read) {
            this.read = read;
            this.next = Math.max(1, read.from());
        }

        boolean isFull() {
            return room() <= 0 || bytes >= read.maxBytes();
        }

        int room() {
            return read.maxEvents() - events.size();
        }

        void addForwards(Stored item) {
            last = item;
            while (next <= item.chunk().end() && !isFull()) {
                add(item.event(next));
                next++;
            }
        }

        void addBackwards(Stored item) {
            while (next >= item.chunk().version() && !isFull()) {
                add(item.event(next));
                next--;
            }
        }

        private void add(RecordedEvent event) {
            events.add(event);
            bytes += EventSizes.of(event);
        }

        StreamSlice slice(End end, boolean ended) {
            return new StreamSlice(events, ended, end.version());
        }
    }
}
