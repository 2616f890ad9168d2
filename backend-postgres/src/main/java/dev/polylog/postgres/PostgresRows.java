package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a page: events, and one row with nothing but a number of the same snapshot, the log's head or the stream's
 * version.
 *
 * <p>For one thread.
 */
final class PostgresRows {

    /** The columns of an event in the order in which they are read. */
    static final String COLUMNS =
            "e.position, e.version, e.recorded_at, e.id, e.stream, e.type, e.content_type, e.payload, e.metadata";

    private final List<RecordedEvent> events = new ArrayList<>();
    private long number;
    private long bytes;
    private boolean cut;

    private PostgresRows() {}

    /** Reads a page of the log. */
    static PostgresRows read(ResultSet rows) throws SQLException {
        return read(rows, null);
    }

    /** Reads a page of a stream, whose name the rows leave out. */
    static PostgresRows read(ResultSet rows, @Nullable StreamId stream) throws SQLException {
        PostgresRows read = new PostgresRows();
        while (rows.next()) {
            long position = rows.getLong(2);
            if (rows.wasNull()) {
                read.number = rows.getLong(1);
            } else if (!read.cut) {
                read.add(position, stream, rows);
            }
        }
        return read;
    }

    private void add(long position, @Nullable StreamId stream, ResultSet rows) throws SQLException {
        byte[] payload = rows.getBytes(9);
        byte[] metadata = rows.getBytes(10);
        if (payload == null || metadata == null) {
            cut = true;
            return;
        }
        EventData data = new EventData(
                (UUID) rows.getObject(5),
                rows.getString(7),
                rows.getString(8),
                Payload.of(payload),
                Metadata.ofJson(metadata));
        bytes += payload.length + metadata.length;
        events.add(new RecordedEvent(
                stream == null ? StreamId.of(rows.getString(6)) : stream,
                rows.getLong(3),
                Position.of(position),
                rows.getObject(4, OffsetDateTime.class).toInstant(),
                data));
    }

    List<RecordedEvent> events() {
        return events;
    }

    long number() {
        return number;
    }

    /** Whether the page ended because it was full, in events or in bytes, or before an event larger than its share. */
    boolean isFull(int maxEvents, long maxBytes) {
        return cut || events.size() >= maxEvents || bytes >= maxBytes;
    }

    /** Whether not even the first event is here, because it is larger than its share. */
    boolean isCutAtOnce() {
        return cut && events.isEmpty();
    }

    long lastPosition() {
        return events.get(events.size() - 1).position().low();
    }

    long lastVersion() {
        return events.get(events.size() - 1).version();
    }
}
