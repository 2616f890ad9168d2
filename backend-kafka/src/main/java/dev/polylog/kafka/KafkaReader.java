package dev.polylog.kafka;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.Watermark;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.EventSizes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.rocksdb.RocksIterator;

/**
 * Reads pages from the view, made current before. Each page shows the view as it is at one moment.
 *
 * <p>A filtered read looks at no more than {@value #MOST_LOOKED_AT} events in a page and says how far it has come.
 *
 * <p>Thread-safe. Rules, G-01 to G-07.
 */
final class KafkaReader {

    /** The most events that a page looks at. */
    static final int MOST_LOOKED_AT = 20_000;

    /** The most appends of a stream that are fetched at once. */
    private static final int MOST_AT_ONCE = 256;

    private final KafkaView view;
    private final KafkaHead head;

    KafkaReader(KafkaView view, KafkaHead head) {
        this.view = view;
        this.head = head;
    }

    StreamSlice readStream(StreamRead read) {
        head.current();
        return new StreamPage(read, view.rows()).read();
    }

    private static void step(RocksIterator rows, boolean forwards) {
        if (forwards) {
            rows.next();
        } else {
            rows.prev();
        }
    }

    LogSlice readAll(LogRead read) {
        head.current();
        return view.rows().walkLog(rows -> readAll(read, rows));
    }

    private static LogSlice readAll(LogRead read, RocksIterator rows) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        byte[] key = ViewKeys.number(read.bound().high());
        if (forwards) {
            rows.seek(key);
        } else {
            rows.seekForPrev(key);
        }
        LogPage page = new LogPage(read);
        boolean whole = true;
        while (whole && rows.isValid() && !page.isFull()) {
            whole = page.look(AppendRow.of(ByteSource.number8(rows.key(), 0), rows.value()));
            step(rows, forwards);
        }
        return new LogSlice(page.events.events, page.lookedUpTo, whole && !rows.isValid());
    }

    /** A page of a stream as it fills. */
    private static final class StreamPage {

        private static final long UNKNOWN = -1;

        private final Page events;
        private final ViewRows view;
        private final StreamId stream;
        private final byte[] prefix;
        private final boolean forwards;
        private long version = UNKNOWN;
        private long at;

        StreamPage(StreamRead read, ViewRows view) {
            this.events = new Page(read.maxEvents(), read.maxBytes());
            this.view = view;
            this.stream = read.stream();
            this.prefix = ViewKeys.stream(stream);
            this.forwards = read.direction() == Direction.FORWARDS;
            this.at = Math.max(1, read.from());
            if (!forwards) {
                this.version = view.version(stream);
                this.at = Math.min(read.from(), version);
            }
        }

        StreamSlice read() {
            view.walk(this::read);
            if (version == UNKNOWN) {
                // The page ended before the rows did; or there were none when the walk began, whatever came since.
                version = events.isFull() ? view.version(stream) : 0;
            }
            return new StreamSlice(events.events, at < 1 || at > version, version);
        }

        private Page read(RocksIterator rows) {
            seek(rows);
            while (!events.isFull() && ViewRows.isIn(rows, prefix)) {
                List<StreamRow> gathered = gather(rows);
                add(gathered);
                if (forwards && !ViewRows.isIn(rows, prefix)) {
                    version = gathered.get(gathered.size() - 1).lastVersion();
                }
            }
            return events;
        }

        /**
         * Goes to the row that holds the first event asked for. Not by a step back where that can be: the first step forwards
         * from there pays for it.
         */
        private void seek(RocksIterator rows) {
            byte[] key = ViewKeys.streamRow(prefix, at);
            if (forwards) {
                rows.seek(key);
                if (rows.isValid() && Arrays.equals(rows.key(), key)) {
                    return;
                }
            }
            rows.seekForPrev(key);
        }

        /** The next rows, as many as fill the page but not too many at once. */
        private List<StreamRow> gather(RocksIterator rows) {
            List<StreamRow> gathered = new ArrayList<>();
            long found = 0;
            while (found < events.room() && gathered.size() < MOST_AT_ONCE && ViewRows.isIn(rows, prefix)) {
                StreamRow row = ViewRows.streamRow(rows, prefix);
                gathered.add(row);
                found = 1 + (forwards ? row.lastVersion() - at : at - row.firstVersion());
                step(rows, forwards);
            }
            return gathered;
        }

        private void add(List<StreamRow> rows) {
            List<AppendRow> appends =
                    view.appends(rows.stream().map(row -> row.first().high()).toList());
            for (int i = 0; i < rows.size(); i++) {
                StreamRow row = rows.get(i);
                while (!events.isFull() && at >= row.firstVersion() && at <= row.lastVersion()) {
                    events.add(appends.get(i).event((int) row.position(at).low()));
                    at += forwards ? 1 : -1;
                }
            }
        }
    }

    /** A page of the log as it fills. */
    private static final class LogPage {

        private final Page events;
        private final Filter filter;
        private final Position bound;
        private final boolean forwards;
        private Position lookedUpTo;
        private int looked;

        LogPage(LogRead read) {
            this.events = new Page(read.maxEvents(), read.maxBytes());
            this.filter = read.filter();
            this.bound = read.bound();
            this.lookedUpTo = bound;
            this.forwards = read.direction() == Direction.FORWARDS;
        }

        boolean isFull() {
            return looked >= MOST_LOOKED_AT || events.isFull();
        }

        /** Adds what is wanted of an append; whether it came to the append's end. */
        boolean look(AppendRow append) {
            int count = append.count();
            for (int i = 0; i < count; i++) {
                int index = forwards ? i : count - 1 - i;
                Position position = append.position(index);
                if (forwards ? position.isAfter(bound) : bound.isAfter(position)) {
                    if (isFull()) {
                        return false;
                    }
                    look(append, index, position);
                }
            }
            return true;
        }

        private void look(AppendRow append, int index, Position position) {
            lookedUpTo = position;
            looked++;
            if (filter.isAll() || filter.matches(append.stream(index), append.type(index))) {
                events.add(append.event(index));
            }
        }
    }

    LogStatus status() {
        head.current();
        ViewMark mark = view.mark();
        UUID logId = mark.logId();
        return new LogStatus(logId == null ? "" : logId.toString(), mark.epoch(), Watermark.at(mark.head()));
    }

    /** The events of a page as it fills. */
    private static final class Page {

        private final List<RecordedEvent> events = new ArrayList<>();
        private final int maxEvents;
        private final long maxBytes;
        private long bytes;

        Page(int maxEvents, long maxBytes) {
            this.maxEvents = maxEvents;
            this.maxBytes = maxBytes;
        }

        void add(RecordedEvent event) {
            events.add(event);
            bytes += EventSizes.of(event);
        }

        int room() {
            return maxEvents - events.size();
        }

        boolean isFull() {
            return events.size() >= maxEvents || bytes >= maxBytes;
        }
    }
}
