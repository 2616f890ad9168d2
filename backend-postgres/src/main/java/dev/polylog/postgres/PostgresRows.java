package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
                read.found(rows.getLong(1));
            } else if (read.isOpen()) {
                read.add(position, stream, rows);
            }
        }
        return read;
    }

    private void add(long position, @Nullable StreamId stream, ResultSet rows) throws SQLException {
        add(
                position,
                rows.getLong(3),
                rows.getObject(4, OffsetDateTime.class).toInstant(),
                (UUID) rows.getObject(5),
                stream == null ? StreamId.of(rows.getString(6)) : stream,
                rows.getString(7),
                rows.getString(8),
                rows.getBytes(9),
                rows.getBytes(10));
    }

    /** The row with nothing but a number. */
    void found(long wanted) {
        number = wanted;
    }

    /** Whether a further event belongs to the page. */
    boolean isOpen() {
        return !cut;
    }

    /** The next event of a page that is open; without payload and metadata it is larger than its share, and ends the page. */
    void add(
            long position,
            long version,
            Instant recordedAt,
            UUID id,
            StreamId stream,
            String type,
            String contentType,
            byte @Nullable [] payload,
            byte @Nullable [] metadata) {
        if (payload == null || metadata == null) {
            cut = true;
            return;
        }
        bytes += payload.length + metadata.length;
        EventData data = new EventData(id, type, contentType, Payload.of(payload), Metadata.ofJson(metadata));
        events.add(new RecordedEvent(stream, version, Position.of(position), recordedAt, data));
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
