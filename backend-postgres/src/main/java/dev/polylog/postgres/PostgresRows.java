package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.support.MetadataJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Rows of events, each beside one number that is read in the same snapshot: the log's head, or the stream's version. The
 * number comes also where there is no event.
 *
 * <p>For one thread.
 */
final class PostgresRows {

    /** The columns of an event in the order in which they are read. */
    static final String COLUMNS =
            "e.position, e.version, e.recorded_at, e.id, e.stream, e.type, e.content_type," + " e.payload, e.metadata";

    private final List<RecordedEvent> events = new ArrayList<>();
    private long number;
    private long bytes;

    private PostgresRows() {}

    static PostgresRows read(ResultSet rows) throws SQLException {
        PostgresRows read = new PostgresRows();
        while (rows.next()) {
            read.number = rows.getLong(1);
            long position = rows.getLong(2);
            if (!rows.wasNull()) {
                read.add(position, rows);
            }
        }
        return read;
    }

    private void add(long position, ResultSet rows) throws SQLException {
        byte[] payload = rows.getBytes(9);
        byte[] metadata = rows.getBytes(10);
        EventData data = new EventData(
                (UUID) rows.getObject(5),
                rows.getString(7),
                rows.getString(8),
                Payload.of(payload),
                MetadataJson.decode(metadata));
        bytes += payload.length + metadata.length;
        events.add(new RecordedEvent(
                StreamId.of(rows.getString(6)),
                rows.getLong(3),
                Position.of(position),
                rows.getTimestamp(4).toInstant(),
                data));
    }

    List<RecordedEvent> events() {
        return events;
    }

    long number() {
        return number;
    }

    /** Whether the page ended because it was full, in events or in bytes. */
    boolean isFull(int maxEvents, long maxBytes) {
        return events.size() >= maxEvents || bytes >= maxBytes;
    }

    long lastPosition() {
        return events.get(events.size() - 1).position().low();
    }

    long lastVersion() {
        return events.get(events.size() - 1).version();
    }
}
