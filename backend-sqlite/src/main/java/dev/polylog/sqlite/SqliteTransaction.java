package dev.polylog.sqlite;

import dev.polylog.StreamId;
import dev.polylog.spi.support.AppendRules;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A write transaction of a group: what the streams hold, as it grows with every work of the group.
 *
 * <p>Versions are looked up once and then followed, also from one transaction to the next; ids are read from the file, which shows what the transaction itself
 * wrote. Used by one thread. Being a {@link AppendRules.StreamView}, which knows no checked exceptions, it wraps those of SQLite in
 * {@link Failed}.
 */
final class SqliteTransaction implements AppendRules.StreamView {

    private static final String VERSION = "select max(version) from polylog_events where stream = ?";
    private static final String IDS =
            "select id from polylog_events where stream = ? and version >= ? order by version limit ?";
    private static final String POSITION = "select position from polylog_events where stream = ? and version = ?";
    private static final String SEARCH = "select min(version) from polylog_events where stream = ? and id = ?";
    /** An error of SQLite on its way through code that knows no checked exceptions. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final SQLException error;

        Failed(SQLException error) {
            super(error);
            this.error = error;
        }

        SQLException error() {
            return error;
        }
    }

    /**
     * The versions of the streams that were used last, as of a position. Positions only grow, so where the last position
     * is the same nobody has written. Belongs to the one who writes.
     */
    static final class KnownVersions {

        private static final int MOST = 10_000;

        private final Map<StreamId, Long> versions = new LinkedHashMap<>(64, 0.75f, true) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
                return size() > MOST;
            }
        };

        private long position;

        private void keepOnlyAsOf(long lastPosition) {
            if (position != lastPosition) {
                versions.clear();
            }
            // Not true of any position until the transaction is committed.
            position = -1;
        }

        private void areAsOf(long lastPosition) {
            position = lastPosition;
        }

        private @Nullable Long get(StreamId stream) {
            return versions.get(stream);
        }

        private void put(StreamId stream, long version) {
            versions.put(stream, version);
        }
    }

    private final SqliteSession session;
    private final long firstPosition;
    private final long recordedAtMicros;
    private final KnownVersions versions;
    private long lastPosition;

    /**
     * Over a session that has begun to write.
     *
     * @param session the session
     * @param now when the group's events are recorded
     * @param versions what is known of the streams, if nobody else has written since
     */
    SqliteTransaction(SqliteSession session, Instant now, KnownVersions versions) throws SQLException {
        this.session = session;
        this.versions = versions;
        this.lastPosition = session.number(SqliteLayout.LAST_POSITION);
        this.firstPosition = lastPosition;
        versions.keepOnlyAsOf(lastPosition);
        this.recordedAtMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    }

    SqliteSession session() {
        return session;
    }

    /** The position of the log's last event, those of this transaction included. */
    long lastPosition() {
        return lastPosition;
    }

    /** Whether this transaction wrote events. */
    boolean hasEvents() {
        return lastPosition > firstPosition;
    }

    /** To be called once the transaction is committed: what is known is true from now on. */
    void committed() {
        versions.areAsOf(lastPosition);
    }

    @Override
    public long version(StreamId stream) {
        Long known = versions.get(stream);
        if (known != null) {
            return known;
        }
        long version = lookUpVersion(stream);
        versions.put(stream, version);
        return version;
    }

    private long lookUpVersion(StreamId stream) {
        try {
            PreparedStatement select = session.statement(VERSION);
            select.setString(1, stream.name());
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    @Override
    public List<UUID> ids(StreamId stream, long firstVersion, int count) {
        try {
            PreparedStatement select = session.statement(IDS);
            select.setString(1, stream.name());
            select.setLong(2, firstVersion);
            select.setInt(3, count);
            List<UUID> ids = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    ids.add(SqliteRows.uuid(rows.getBytes(1)));
                }
            }
            return ids;
        } catch (SQLException e) {
            throw new Failed(e);
        }
    }

    /** Where an event stands in the global order; 0 where there is none of that version. */
    long position(StreamId stream, long version) throws SQLException {
        PreparedStatement select = session.statement(POSITION);
        select.setString(1, stream.name());
        select.setLong(2, version);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /** The version of an event in a stream, found by walking through the stream; 0 where it is not there. */
    long search(StreamId stream, UUID id) throws SQLException {
        PreparedStatement select = session.statement(SEARCH);
        select.setString(1, stream.name());
        select.setBytes(2, SqliteRow.bytes(id));
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    /**
     * Changes the file in any case. A transaction whose COMMIT failed half way may have left frames in the write-ahead
     * log that a recovery would accept; those of this transaction take their place.
     */
    void fence() throws SQLException {
        session.statement("update polylog_head set fence = fence + 1").executeUpdate();
    }

    /** Writes events after a stream's last one. */
    void insert(StreamId stream, List<SqliteRow> rows) throws SQLException {
        long version = version(stream);
        PreparedStatement insert = session.statement(SqliteRow.INSERT);
        for (SqliteRow row : rows) {
            lastPosition++;
            version++;
            row.bind(insert, lastPosition, stream.name(), version, recordedAtMicros);
            insert.executeUpdate();
        }
        versions.put(stream, version);
    }
}
