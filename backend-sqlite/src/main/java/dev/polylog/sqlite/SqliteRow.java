package dev.polylog.sqlite;

import dev.polylog.EventData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * An event in the form in which its row holds it. Made by the thread that appends, so that the one that commits for
 * everybody only hands it to SQLite.
 *
 * <p>Immutable by agreement: nobody changes the arrays. Thread-safe.
 */
final class SqliteRow {

    /** The statement that {@link #bind} fills. */
    static final String INSERT = "insert into polylog_events (position, stream, version, id, type, content_type,"
            + " payload, metadata, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final byte[] id;
    private final String type;
    private final String contentType;
    private final byte[] payload;
    private final String metadata;

    private SqliteRow(EventData event) {
        this.id = bytes(event.id());
        this.type = event.type();
        this.contentType = event.contentType();
        this.payload = event.payload().toByteArray();
        this.metadata = new String(event.metadata().toJson(), StandardCharsets.UTF_8);
    }

    static List<SqliteRow> of(List<EventData> events) {
        return events.stream().map(SqliteRow::new).toList();
    }

    void bind(PreparedStatement insert, long position, String stream, long version, long recordedAtMicros)
            throws SQLException {
        insert.setLong(1, position);
        insert.setString(2, stream);
        insert.setLong(3, version);
        insert.setBytes(4, id);
        insert.setString(5, type);
        insert.setString(6, contentType);
        insert.setBytes(7, payload);
        insert.setString(8, metadata);
        insert.setLong(9, recordedAtMicros);
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(Long.BYTES * 2)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }
}
