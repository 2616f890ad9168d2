package dev.polylog.sqlite;

import dev.polylog.CorruptEvent;
import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * Turns the rows of one page into events. Texts come as bytes, since the driver is slow in making strings, and a text
 * that is equal to the one in the row before is not made again.
 *
 * <p>For one thread. Failures: {@link CorruptEvent} where a row cannot be what was written.
 */
final class SqliteRows {

    /** The columns that {@link #event} needs, in order. */
    static final String COLUMNS = "position, stream, version, id, type, content_type, payload, metadata, recorded_at";

    private static final long MICROS = 1_000_000;
    private static final char REPLACEMENT = '\uFFFD';

    private final Text stream = new Text();
    private final Text type = new Text();
    private final Text contentType = new Text();

    /** The event of the current row. */
    RecordedEvent event(ResultSet row) throws SQLException {
        long position = row.getLong(1);
        try {
            EventData data = new EventData(
                    uuid(row.getBytes(4)),
                    type.of(row.getBytes(5)),
                    contentType.of(row.getBytes(6)),
                    Payload.of(row.getBytes(7)),
                    Metadata.ofJson(row.getBytes(8)));
            long micros = row.getLong(9);
            Instant recordedAt =
                    Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1_000);
            return new RecordedEvent(
                    new StreamId(stream.of(row.getBytes(2))), row.getLong(3), Position.of(position), recordedAt, data);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CorruptEvent(
                    "the event at position " + position + " cannot be what was written: " + e.getMessage()
                            + ". Check the file by PRAGMA integrity_check, and restore a backup if it is damaged",
                    e);
        }
    }

    static UUID uuid(byte[] bytes) {
        if (bytes.length != Long.BYTES * 2) {
            throw new IllegalArgumentException("its id has " + bytes.length + " bytes, not 16");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** A column of texts, of which many in a row are equal. */
    private static final class Text {

        private byte[] lastBytes = {};
        private String last = "";

        String of(byte[] bytes) {
            if (!Arrays.equals(bytes, lastBytes)) {
                last = decode(bytes);
                lastBytes = bytes;
            }
            return last;
        }

        private static String decode(byte[] bytes) {
            String text = new String(bytes, StandardCharsets.UTF_8);
            if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
                throw new IllegalArgumentException("a text of it is not UTF-8");
            }
            return text;
        }
    }
}
