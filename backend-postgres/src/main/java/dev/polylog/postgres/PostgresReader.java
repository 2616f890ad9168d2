package dev.polylog.postgres;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.Watermark;
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
import java.util.List;

/**
 * The two reads and the status.
 *
 * <p>Every page is one statement and so one snapshot: the events, and the head or the stream's version beside them.
 * Positions become visible in their order, because every append holds the head row through its commit; so a page never
 * skips an event that comes later (rule G-02), and never waits. Thread-safe. Rules, G-01 to G-06.
 */
final class PostgresReader {

    /** How many positions a page with a filter looks at, at most, before it says how far it got. */
    private static final long WINDOW = 20_000;

    private final PostgresQueries queries;
    private final PostgresPool pool;

    PostgresReader(PostgresConfig config, PostgresPool pool) {
        this.queries = new PostgresQueries(PostgresLayout.quoted(config.schema()));
        this.pool = pool;
    }

    StreamSlice readStream(StreamRead read) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        PostgresRows rows = pool.use("read", connection -> {
            try (PreparedStatement query = connection.prepareStatement(queries.stream(read))) {
                query.setString(1, read.stream().name());
                query.setString(2, read.stream().name());
                query.setLong(3, read.from());
                query.setInt(4, read.maxEvents());
                if (PostgresQueries.isLimited(read.maxBytes())) {
                    query.setLong(5, read.maxBytes());
                }
                return rows(query);
            }
        });
        boolean end =
                rows.events().isEmpty() || (forwards ? rows.lastVersion() >= rows.number() : rows.lastVersion() <= 1);
        return new StreamSlice(rows.events(), end, rows.number());
    }

    LogSlice readAll(LogRead read) {
        return read.direction() == Direction.FORWARDS ? forwards(read) : backwards(read);
    }

    private LogSlice forwards(LogRead read) {
        long after = number(read.bound());
        long upTo = read.filter().isAll() ? Long.MAX_VALUE : after + Math.min(WINDOW, Long.MAX_VALUE - after);
        PostgresRows rows = page(read, after, upTo);
        long head = rows.number();
        long reached = rows.isFull(read.maxEvents(), read.maxBytes()) ? rows.lastPosition() : Math.min(upTo, head);
        return reached < after
                ? new LogSlice(List.of(), read.bound(), true)
                : new LogSlice(rows.events(), reached == after ? read.bound() : Position.of(reached), reached >= head);
    }

    private LogSlice backwards(LogRead read) {
        long before = number(read.bound());
        if (!read.filter().isAll()) {
            before = Math.min(before, head() + 1);
        }
        long from = read.filter().isAll() ? 0 : Math.max(0, before - WINDOW);
        PostgresRows rows = page(read, from, before);
        long reached = rows.isFull(read.maxEvents(), read.maxBytes()) ? rows.lastPosition() : Math.max(1, from);
        return new LogSlice(
                rows.events(), before <= reached ? read.bound() : Position.of(reached), reached <= 1 || before <= 1);
    }

    /** The events whose positions lie between, the lower bound excluded forwards, the upper one backwards. */
    private PostgresRows page(LogRead read, long lower, long upper) {
        return pool.use("read", connection -> {
            try (PreparedStatement query = connection.prepareStatement(queries.log(read))) {
                int i = 1;
                query.setLong(i++, lower);
                query.setLong(i++, upper);
                if (!read.filter().types().isEmpty()) {
                    query.setArray(i++, texts(connection, read.filter().types().toArray()));
                }
                if (!read.filter().categories().isEmpty()) {
                    query.setArray(
                            i++, texts(connection, read.filter().categories().toArray()));
                }
                if (!read.filter().prefix().isEmpty()) {
                    query.setString(i++, storable(read.filter().prefix()));
                }
                query.setInt(i++, read.maxEvents());
                if (PostgresQueries.isLimited(read.maxBytes())) {
                    query.setLong(i, read.maxBytes());
                }
                return rows(query);
            }
        });
    }

    private static PostgresRows rows(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            return PostgresRows.read(rows);
        }
    }

    private static Array texts(Connection connection, Object[] texts) throws SQLException {
        String[] storable = new String[texts.length];
        for (int i = 0; i < texts.length; i++) {
            storable[i] = storable((String) texts[i]);
        }
        return connection.createArrayOf("text", storable);
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

    private long head() {
        return status().watermark().head().low();
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
