package dev.polylog.sqlite;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.Watermark;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.EventSizes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages. Each page is one transaction that begins with the call, so it sees everything that was acknowledged
 * before, and one moment only.
 *
 * <p>A filtered read looks at no more than {@value #MOST_LOOKED_AT} events in a page and says how far it has come, so
 * that a filter that nothing passes neither holds a transaction for long nor keeps a checkpoint from moving.
 *
 * <p>Thread-safe. Rules, G-01 to G-07.
 */
final class SqliteReader {

    /** The most events that a page looks at. */
    static final int MOST_LOOKED_AT = 20_000;

    private static final String STREAM_VERSION = "select max(version) from polylog_events where stream = ?";

    private final SqliteReaders readers;

    SqliteReader(SqliteReaders readers) {
        this.readers = readers;
    }

    StreamSlice readStream(StreamRead read) {
        return readers.read(session -> readStream(session, read));
    }

    private static StreamSlice readStream(SqliteSession session, StreamRead read) throws SQLException {
        boolean forwards = read.direction() == Direction.FORWARDS;
        long version = version(session, read);
        Page page = new Page(read.maxEvents(), read.maxBytes(), Filter.all());
        if (version > 0) {
            PreparedStatement select = session.statement("select " + SqliteRows.COLUMNS
                    + " from polylog_events where stream = ? and version " + (forwards ? ">=" : "<=")
                    + " ? order by version " + (forwards ? "" : "desc ") + "limit ?");
            select.setString(1, read.stream().name());
            select.setLong(2, read.from());
            select.setInt(3, read.maxEvents());
            page.fill(select);
        }
        RecordedEvent last = page.last();
        boolean ended = last == null || (forwards ? last.version() >= version : last.version() <= 1);
        return new StreamSlice(page.events, ended, version);
    }

    private static long version(SqliteSession session, StreamRead read) throws SQLException {
        PreparedStatement select = session.statement(STREAM_VERSION);
        select.setString(1, read.stream().name());
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    LogSlice readAll(LogRead read) {
        return readers.read(session -> readAll(session, read));
    }

    private static LogSlice readAll(SqliteSession session, LogRead read) throws SQLException {
        long head = session.number(SqliteLayout.LAST_POSITION);
        long bound = number(read.bound());
        return read.direction() == Direction.FORWARDS
                ? forwards(session, read, bound, head)
                : backwards(session, read, bound, head);
    }

    private static LogSlice forwards(SqliteSession session, LogRead read, long bound, long head) throws SQLException {
        if (bound >= head) {
            return new LogSlice(List.of(), read.bound(), true);
        }
        SqliteFilter filter = new SqliteFilter(read.filter());
        long end = filter.isAll() ? head : Math.min(head, bound + MOST_LOOKED_AT);
        Page page = new Page(read.maxEvents(), read.maxBytes(), read.filter());
        page.fill(filter.select(session, "position > ? and position <= ?", bound, end, "position", read.maxEvents()));
        long lookedUpTo = page.cut() ? page.lastPosition() : end;
        return new LogSlice(page.events, Position.of(lookedUpTo), lookedUpTo >= head);
    }

    private static LogSlice backwards(SqliteSession session, LogRead read, long bound, long head) throws SQLException {
        long from = Math.min(bound, head + 1);
        if (from <= 1) {
            return new LogSlice(List.of(), read.bound(), true);
        }
        SqliteFilter filter = new SqliteFilter(read.filter());
        long end = filter.isAll() ? 1 : Math.max(1, from - MOST_LOOKED_AT);
        Page page = new Page(read.maxEvents(), read.maxBytes(), read.filter());
        page.fill(
                filter.select(session, "position < ? and position >= ?", from, end, "position desc", read.maxEvents()));
        long lookedUpTo = page.cut() ? page.lastPosition() : end;
        return new LogSlice(page.events, Position.of(lookedUpTo), lookedUpTo <= 1);
    }

    /** Positions beyond those of this store lie after all of them. */
    private static long number(Position position) {
        return position.high() != 0 || position.low() < 0 ? Long.MAX_VALUE : position.low();
    }

    LogStatus status() {
        return readers.read(session -> {
            try (ResultSet rows = session.statement(
                            "select log_id, epoch, (" + SqliteLayout.LAST_POSITION + ") from polylog_head")
                    .executeQuery()) {
                if (!rows.next()) {
                    throw new SQLException("the head row is missing");
                }
                return new LogStatus(rows.getString(1), rows.getString(2), Watermark.at(Position.of(rows.getLong(3))));
            }
        });
    }

    /** The events of a page as it fills. */
    private static final class Page {

        private final SqliteRows rows = new SqliteRows();
        private final List<RecordedEvent> events = new ArrayList<>();
        private final int maxEvents;
        private final long maxBytes;
        private final Filter filter;
        private int seen;
        private long bytes;
        private @Nullable RecordedEvent last;

        Page(int maxEvents, long maxBytes, Filter filter) {
            this.maxEvents = maxEvents;
            this.maxBytes = maxBytes;
            this.filter = filter;
        }

        void fill(PreparedStatement select) throws SQLException {
            try (ResultSet results = select.executeQuery()) {
                while (!cut() && results.next()) {
                    add(rows.event(results));
                }
            }
        }

        /** SQLite has filtered already, but what counts is how Java compares. */
        private void add(RecordedEvent event) {
            seen++;
            last = event;
            if (filter.matches(event.stream(), event.type())) {
                events.add(event);
                bytes += EventSizes.of(event);
            }
        }

        /** Whether the page ended because it is full. */
        boolean cut() {
            return seen >= maxEvents || bytes >= maxBytes;
        }

        @Nullable
        RecordedEvent last() {
            return last;
        }

        long lastPosition() {
            RecordedEvent event = last;
            return event == null ? 0 : event.position().low();
        }
    }
}
