package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.UUID;

/** One client of the plain PostgreSQL table. For one thread. */
final class PostgresSession implements Contender.Session {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final int PAGE = 1_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement version;
    private final PreparedStatement stream;
    private final PreparedStatement head;
    private final PreparedStatement all;

    /** Whoever builds such rows by hand keeps the metadata as text: encoded once, not for every event. */
    private final IdentityHashMap<Metadata, String> encoded = new IdentityHashMap<>();

    /** What a read builds of each row. */
    private record Row(
            long global,
            String stream,
            long version,
            UUID id,
            String type,
            String data,
            String metadata,
            OffsetDateTime createdAt) {}

    PostgresSession(Connection connection, String schema) throws SQLException {
        String columns = "select global, stream, version, id, type, data, metadata, created_at from " + schema
                + ".events where ";
        this.connection = connection;
        this.insert = connection.prepareStatement("insert into " + schema
                + ".events (stream, version, id, type, data, metadata) values (?, ?, ?, ?, ?::jsonb, ?::jsonb)");
        this.version = connection.prepareStatement(
                "select coalesce(max(version), 0) from " + schema + ".events where stream = ?");
        this.stream = connection.prepareStatement(columns + "stream = ? order by version");
        this.head = connection.prepareStatement("select coalesce(max(global), 0) from " + schema + ".events");
        this.all = connection.prepareStatement(columns + "global > ? order by global");
        all.setFetchSize(PAGE);
    }

    @Override
    public boolean append(StreamId id, long expected, List<EventData> events) throws SQLException {
        try {
            if (events.size() == 1) {
                bind(id, expected + 1, events.get(0));
                insert.executeUpdate();
            } else {
                appendBatch(id, expected, events);
            }
            return true;
        } catch (SQLException e) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private void appendBatch(StreamId id, long expected, List<EventData> events) throws SQLException {
        connection.setAutoCommit(false);
        long next = expected;
        for (EventData event : events) {
            bind(id, ++next, event);
            insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void bind(StreamId id, long next, EventData event) throws SQLException {
        insert.setString(1, id.name());
        insert.setLong(2, next);
        insert.setObject(3, event.id());
        insert.setString(4, event.type());
        insert.setString(5, event.payload().asUtf8());
        insert.setString(6, encoded.computeIfAbsent(event.metadata(), PostgresSession::text));
    }

    private static String text(Metadata metadata) {
        return new String(metadata.toJson(), StandardCharsets.UTF_8);
    }

    @Override
    public long version(StreamId id) throws SQLException {
        version.setString(1, id.name());
        return number(version);
    }

    @Override
    public long readStream(StreamId id) throws SQLException {
        stream.setString(1, id.name());
        return read(stream);
    }

    @Override
    public Object mark() throws SQLException {
        return number(head);
    }

    /** Through a cursor, which lives in a transaction. */
    @Override
    public long readAll(Object mark) throws SQLException {
        connection.setAutoCommit(false);
        try {
            all.setLong(1, (Long) mark);
            return read(all);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static long number(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static long read(PreparedStatement query) throws SQLException {
        long count = 0;
        long last = 0;
        try (ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                Row row = new Row(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getLong(3),
                        rows.getObject(4, UUID.class),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getString(7),
                        rows.getObject(8, OffsetDateTime.class));
                if (row.global() <= last) {
                    throw new SQLException("number " + row.global() + " follows " + last);
                }
                last = row.global();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
