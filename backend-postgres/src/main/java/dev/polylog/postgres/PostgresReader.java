package dev.polylog.postgres;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.Watermark;
import dev.polylog.postgres.PostgresQueries.Bytes;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The two reads and the status.
 *
 * <p>Every page is one statement and so one snapshot: the events, and the head or the stream's version beside them.
 * Positions become visible in their order, because every append holds the head row through its commit; so a page never
 * skips an event that comes later (rule G-02), and never waits. Thread-safe. Rules, G-01 to G-06.
 */
final class PostgresReader {

    /** How many positions a page looks at, at most, before it says how far it got: with a filter that no index serves. */
    private static final long WINDOW = 20_000;

    private final PostgresQueries queries;
    private final PostgresPool pool;

    /** The log's head as it was seen last; tells whether there is much to read. */
    private volatile long head;

    PostgresReader(PostgresConfig config, PostgresPool pool) {
        this.queries = new PostgresQueries(PostgresLayout.quoted(config.schema()));
        this.pool = pool;
    }

    StreamSlice readStream(StreamRead read) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        PostgresRows rows = page(
                PostgresQueries.bytes(read.maxEvents(), read.maxBytes()),
                bytes -> pool.use("read", connection -> readStream(read, bytes, connection)));
        boolean end =
                rows.events().isEmpty() || (forwards ? rows.lastVersion() >= rows.number() : rows.lastVersion() <= 1);
        return new StreamSlice(rows.events(), end, rows.number());
    }

    private PostgresRows readStream(StreamRead read, Bytes bytes, Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(queries.stream(read, bytes))) {
            int i = 1;
            query.setString(i++, read.stream().name());
            i = share(query, i, bytes, read.maxEvents(), read.maxBytes());
            query.setString(i++, read.stream().name());
            query.setLong(i++, read.from());
            query.setInt(i++, read.maxEvents());
            if (bytes == Bytes.SUMMED) {
                query.setLong(i, read.maxBytes());
            }
            try (ResultSet rows = query.executeQuery()) {
                return PostgresRows.read(rows, read.stream());
            }
        }
    }

    /** Reads a page; once more, with sums, where its first event is larger than its share. */
    private static PostgresRows page(Bytes bytes, Function<Bytes, PostgresRows> read) {
        PostgresRows rows = read.apply(bytes);
        return rows.isCutAtOnce() ? read.apply(Bytes.SUMMED) : rows;
    }

    private static int share(PreparedStatement query, int first, Bytes bytes, int maxEvents, long maxBytes)
            throws SQLException {
        if (bytes != Bytes.SHARED) {
            return first;
        }
        query.setLong(first, PostgresQueries.share(maxEvents, maxBytes));
        query.setLong(first + 1, PostgresQueries.share(maxEvents, maxBytes));
        return first + 2;
    }

    LogSlice readAll(LogRead read) {
        return read.direction() == Direction.FORWARDS ? forwards(read) : backwards(read);
    }

    private LogSlice forwards(LogRead read) {
        long after = number(read.bound());
        long upTo = isJumping(read) ? Long.MAX_VALUE : after + Math.min(WINDOW, Long.MAX_VALUE - after);
        PostgresRows rows = page(read, after, upTo);
        long end = rows.number();
        head = end;
        long reached = rows.isFull(read.maxEvents(), read.maxBytes()) ? rows.lastPosition() : Math.min(upTo, end);
        return reached < after
                ? new LogSlice(List.of(), read.bound(), true)
                : new LogSlice(rows.events(), reached == after ? read.bound() : Position.of(reached), reached >= end);
    }

    /** Whether the read gets from match to match through an index, and need not look at what lies between. */
    private static boolean isJumping(LogRead read) {
        return read.filter().isAll() || PostgresQueries.isByType(read.filter());
    }

    private LogSlice backwards(LogRead read) {
        long before = number(read.bound());
        if (!isJumping(read)) {
            before = Math.min(before, status().watermark().head().low() + 1);
        }
        long from = isJumping(read) ? 0 : Math.max(0, before - WINDOW);
        PostgresRows rows = page(read, from, before);
        long reached = rows.isFull(read.maxEvents(), read.maxBytes()) ? rows.lastPosition() : Math.max(1, from);
        return new LogSlice(
                rows.events(), before <= reached ? read.bound() : Position.of(reached), reached <= 1 || before <= 1);
    }

    /** The events whose positions lie between, the lower bound excluded forwards, the upper one backwards. */
    private PostgresRows page(LogRead read, long lower, long upper) {
        return page(
                PostgresQueries.bytes(read.maxEvents(), read.maxBytes()),
                bytes -> pool.use("read", connection -> readLog(read, lower, upper, bytes, connection)));
    }

    private PostgresRows readLog(LogRead read, long lower, long upper, Bytes bytes, Connection connection)
            throws SQLException {
        if (isMuch(read, lower) && PostgresCopy.isPossible(connection)) {
            return PostgresCopy.read(connection, queries.log(read, bytes, lower, upper));
        }
        Filter filter = read.filter();
        boolean byType = PostgresQueries.isByType(filter);
        try (PreparedStatement query = connection.prepareStatement(queries.log(read, bytes))) {
            int i = share(query, 1, bytes, read.maxEvents(), read.maxBytes());
            if (byType) {
                query.setArray(i++, texts(connection, filter.types()));
            }
            query.setLong(i++, lower);
            query.setLong(i++, upper);
            if (!byType && !filter.types().isEmpty()) {
                query.setArray(i++, texts(connection, filter.types()));
            }
            if (!filter.categories().isEmpty()) {
                query.setArray(i++, texts(connection, filter.categories()));
            }
            if (!filter.prefix().isEmpty()) {
                query.setString(i++, storable(filter.prefix()));
            }
            for (int limits = byType ? 2 : 1; limits > 0; limits--) {
                query.setInt(i++, read.maxEvents());
            }
            if (bytes == Bytes.SUMMED) {
                query.setLong(i, read.maxBytes());
            }
            try (ResultSet rows = query.executeQuery()) {
                return PostgresRows.read(rows);
            }
        }
    }

    /** Whether everything is read forwards, and many events seem to lie ahead. */
    private boolean isMuch(LogRead read, long after) {
        return read.direction() == Direction.FORWARDS
                && read.filter().isAll()
                && Math.min(read.maxEvents(), head - after) >= PostgresCopy.WORTH;
    }

    private static Array texts(Connection connection, Collection<String> texts) throws SQLException {
        return connection.createArrayOf(
                "text", texts.stream().map(PostgresReader::storable).toArray(String[]::new));
    }

    /** What no stored name can hold, PostgreSQL cannot take: a control character that no name has stands for it. */
    private static String storable(String text) {
        boolean storable = text.indexOf('\0') < 0
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        return storable ? text : "\u0001";
    }

    /** A position of another store, beyond what this one counts, is beyond its end. */
    private static long number(Position position) {
        return position.high() != 0 || position.low() < 0 ? Long.MAX_VALUE : position.low();
    }

    LogStatus status() {
        return pool.use("status", connection -> {
            try (PreparedStatement query = connection.prepareStatement(queries.status());
                    ResultSet row = query.executeQuery()) {
                row.next();
                return new LogStatus(row.getString(1), row.getString(2), Watermark.at(Position.of(row.getLong(3))));
            }
        });
    }
}
