package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.StreamId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.sqlite.SQLiteException;

/** One client of the plain SQLite table. For one thread, unless its lock makes it wait for others. */
final class SqliteSession implements Contender.Session {

    private static final int CONSTRAINT_UNIQUE = 2067;
    private static final String COLUMNS =
            "position, stream, version, id, type, content_type, payload, metadata, recorded_at";

    private final Connection connection;
    private final Lock lock;
    private final boolean own;
    private final Statement transaction;
    private final PreparedStatement insert;
    private final PreparedStatement version;
    private final PreparedStatement stream;
    private final PreparedStatement all;

    /** Whoever builds such rows by hand keeps the metadata as bytes: encoded once, not for every event. */
    private final IdentityHashMap<Metadata, byte[]> encoded = new IdentityHashMap<>();

    /** What a read builds of each row; never compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            long position,
            String stream,
            long version,
            String id,
            String type,
            String contentType,
            byte[] payload,
            byte[] metadata,
            long recordedAt) {}

    SqliteSession(Connection connection, Lock lock, boolean own) throws SQLException {
        this.connection = connection;
        this.lock = lock;
        this.own = own;
        lock.lock();
        try {
            this.transaction = connection.createStatement();
            this.insert = connection.prepareStatement("INSERT INTO events (stream, version, id, type, content_type,"
                    + " payload, metadata, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
            this.version = connection.prepareStatement("SELECT coalesce(max(version), 0) FROM events WHERE stream = ?");
            this.stream =
                    connection.prepareStatement("SELECT " + COLUMNS + " FROM events WHERE stream = ? ORDER BY version");
            this.all = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM events WHERE position > ? ORDER BY position");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean append(StreamId id, long expected, List<EventData> events) throws SQLException {
        lock.lock();
        try {
            transaction.execute("BEGIN IMMEDIATE");
            try {
                long next = expected;
                for (EventData event : events) {
                    insert(id, ++next, event);
                }
                transaction.execute("COMMIT");
                return true;
            } catch (SQLException e) {
                transaction.execute("ROLLBACK");
                if (isConflict(e)) {
                    return false;
                }
                throw e;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Another event has that version already; the driver's own code, since all constraints share an SQL state. */
    private static boolean isConflict(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode().code == CONSTRAINT_UNIQUE;
    }

    private void insert(StreamId id, long next, EventData event) throws SQLException {
        insert.setString(1, id.name());
        insert.setLong(2, next);
        insert.setString(3, event.id().toString());
        insert.setString(4, event.type());
        insert.setString(5, event.contentType());
        insert.setBytes(6, event.payload().toByteArray());
        insert.setBytes(7, encoded.computeIfAbsent(event.metadata(), Metadata::toJson));
        insert.setLong(8, System.currentTimeMillis());
        insert.executeUpdate();
    }

    @Override
    public long version(StreamId id) throws SQLException {
        lock.lock();
        try {
            version.setString(1, id.name());
            try (ResultSet row = version.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long readStream(StreamId id) throws SQLException {
        lock.lock();
        try {
            stream.setString(1, id.name());
            return read(stream);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Object mark() throws SQLException {
        lock.lock();
        try (ResultSet row = transaction.executeQuery("SELECT coalesce(max(position), 0) FROM events")) {
            return row.next() ? row.getLong(1) : 0L;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long readAll(Object mark) throws SQLException {
        lock.lock();
        try {
            all.setLong(1, (Long) mark);
            return read(all);
        } finally {
            lock.unlock();
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
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        rows.getBytes(7),
                        rows.getBytes(8),
                        rows.getLong(9));
                if (row.position() <= last) {
                    throw new SQLException("position " + row.position() + " follows " + last);
                }
                last = row.position();
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws SQLException {
        lock.lock();
        try {
            for (Statement statement : List.of(transaction, insert, version, stream, all)) {
                statement.close();
            }
            if (own) {
                connection.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
