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

    private final KafkaView view;
    private final KafkaHead head;

    KafkaReader(KafkaView view, KafkaHead head) {
        this.view = view;
        this.head = head;
    }

    StreamSlice readStream(StreamRead read) {
        head.current();
        return view.rows().walk(rows -> readStream(read, rows));
    }

    private static StreamSlice readStream(StreamRead read, RocksIterator rows) {
        StreamId stream = read.stream();
        byte[] prefix = ViewKeys.stream(stream);
        rows.seekForPrev(ViewKeys.streamEvent(prefix, Long.MAX_VALUE));
        long version = isIn(rows, prefix) ? version(rows, prefix) : 0;
        boolean forwards = read.direction() == Direction.FORWARDS;
        long at = forwards ? Math.max(1, read.from()) : Math.min(read.from(), version);
        Page page = new Page(read.maxEvents(), read.maxBytes());
        if (at >= 1 && at <= version) {
            rows.seek(ViewKeys.streamEvent(prefix, at));
            while (!page.isFull() && isIn(rows, prefix)) {
                at = version(rows, prefix);
                page.add(ViewRows.streamEvent(stream, at, rows.value()));
                at += forwards ? 1 : -1;
                step(rows, forwards);
            }
        }
        return new StreamSlice(page.events, at < 1 || at > version, version);
    }

    private static boolean isIn(RocksIterator rows, byte[] prefix) {
        return rows.isValid() && ViewKeys.startsWith(rows.key(), prefix);
    }

    private static long version(RocksIterator rows, byte[] prefix) {
        return ByteSource.number8(rows.key(), prefix.length);
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
        return view.rows().walk(rows -> readAll(read, rows));
    }

    private static LogSlice readAll(LogRead read, RocksIterator rows) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        begin(read.bound(), forwards, rows);
        Page page = new Page(read.maxEvents(), read.maxBytes());
        Position lookedUpTo = read.bound();
        int looked = 0;
        byte[] key = eventKey(rows);
        while (key.length > 0 && looked < MOST_LOOKED_AT && !page.isFull()) {
            lookedUpTo = ViewKeys.position(key, 1);
            look(key, rows.value(), read.filter(), page);
            looked++;
            step(rows, forwards);
            key = eventKey(rows);
        }
        return new LogSlice(page.events, lookedUpTo, key.length == 0);
    }

    private static void begin(Position bound, boolean forwards, RocksIterator rows) {
        byte[] key = ViewKeys.event(bound);
        if (forwards) {
            rows.seek(key);
        } else {
            rows.seekForPrev(key);
        }
        byte[] here = eventKey(rows);
        if (here.length > 0 && ViewKeys.position(here, 1).equals(bound)) {
            step(rows, forwards);
        }
    }

    /** The key of the row where the walk stands, if it is an event; else empty. */
    private static byte[] eventKey(RocksIterator rows) {
        if (!rows.isValid()) {
            return new byte[0];
        }
        byte[] key = rows.key();
        return key[0] == ViewKeys.EVENT ? key : new byte[0];
    }

    private static void look(byte[] key, byte[] row, Filter filter, Page page) {
        StreamId stream = ViewRows.stream(row);
        if (filter.isAll() || filter.matches(stream, ViewRows.type(row))) {
            page.add(ViewRows.logEvent(key, row, stream));
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

        boolean isFull() {
            return events.size() >= maxEvents || bytes >= maxBytes;
        }
    }
}
