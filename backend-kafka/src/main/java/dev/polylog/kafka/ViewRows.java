package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.kafka.LogEntry.Slice;
import dev.polylog.spi.CellStore.Cell;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksIterator;

/**
 * What a view holds, as values. Thread-safe. Damaged files are a
 * {@link StoreUnavailable}.
 */
final class ViewRows {

    private static final int STREAM_ROW_EVENT = 24;

    private final ViewReads reads;

    ViewRows(ViewReads reads) {
        this.reads = reads;
    }

    @Nullable
    ViewMark mark() throws MalformedRecord {
        byte[] row = reads.get(ViewKeys.MARK);
        return row == null ? null : ViewMark.of(row);
    }

    long version(StreamId stream) {
        byte[] row = reads.get(ViewKeys.head(stream));
        return row == null ? 0 : ByteSource.number8(row, 0);
    }

    List<UUID> ids(StreamId stream, long firstVersion, int count) {
        byte[] key = ViewKeys.stream(stream);
        List<UUID> ids = new ArrayList<>(count);
        for (long version = firstVersion; version < firstVersion + count; version++) {
            byte[] row = reads.get(ViewKeys.streamEvent(key, version));
            if (row == null) {
                break;
            }
            ids.add(EventCodec.id(row, STREAM_ROW_EVENT));
        }
        return ids;
    }

    Position position(StreamId stream, long version) {
        byte[] row = reads.get(ViewKeys.streamEvent(ViewKeys.stream(stream), version));
        if (row == null) {
            throw new StoreUnavailable("the view holds no event " + version + " of stream " + stream, null);
        }
        return ViewKeys.position(row, 0);
    }

    long revision(String cell) {
        byte[] row = reads.get(ViewKeys.cell(cell));
        return row == null ? 0 : ByteSource.number8(row, 0);
    }

    Optional<Cell> cell(String name) {
        byte[] row = reads.get(ViewKeys.cell(name));
        return row == null
                ? Optional.empty()
                : Optional.of(new Cell(ByteSource.number8(row, 0), Payload.of(Arrays.copyOfRange(row, 8, row.length))));
    }

    ViewBatch.@Nullable WriterMark writer(UUID writer) {
        byte[] row = reads.get(ViewKeys.writer(writer));
        return row == null ? null : new ViewBatch.WriterMark(ByteSource.number4(row, 0), ByteSource.number8(row, 4));
    }

    @Nullable
    Long hash(long offset) {
        byte[] row = reads.get(ViewKeys.hash(offset));
        return row == null ? null : ByteSource.number8(row, 0);
    }

    <T> T walk(Function<RocksIterator, T> walker) {
        return reads.walk(walker);
    }

    static byte[] logRow(StreamId stream, long version, long timestamp, Slice event) {
        byte[] name = stream.name().getBytes(StandardCharsets.UTF_8);
        byte[] row = new byte[2 + name.length + 16 + event.length()];
        row[0] = (byte) (name.length >>> 8);
        row[1] = (byte) name.length;
        System.arraycopy(name, 0, row, 2, name.length);
        ByteSink.number8(row, 2 + name.length, version);
        ByteSink.number8(row, 10 + name.length, timestamp);
        System.arraycopy(event.bytes(), event.from(), row, 18 + name.length, event.length());
        return row;
    }

    static byte[] streamRow(Position position, long timestamp, Slice event) {
        byte[] row = new byte[STREAM_ROW_EVENT + event.length()];
        ByteSink.number8(row, 0, position.high());
        ByteSink.number8(row, 8, position.low());
        ByteSink.number8(row, 16, timestamp);
        System.arraycopy(event.bytes(), event.from(), row, STREAM_ROW_EVENT, event.length());
        return row;
    }

    static byte[] cellRow(long revision, Slice value) {
        byte[] row = new byte[8 + value.length()];
        ByteSink.number8(row, 0, revision);
        System.arraycopy(value.bytes(), value.from(), row, 8, value.length());
        return row;
    }

    static byte[] writerRow(ViewBatch.WriterMark mark) {
        byte[] row = new byte[12];
        ByteSink.number4(row, 0, mark.epoch());
        ByteSink.number8(row, 4, mark.sequence());
        return row;
    }

    /** The name of the stream of a row of the whole log. */
    static StreamId stream(byte[] logRow) {
        return StreamId.of(new String(logRow, 2, nameLength(logRow), StandardCharsets.UTF_8));
    }

    /** The type of the event of a row of the whole log. */
    static String type(byte[] logRow) {
        try {
            return EventCodec.type(logRow, 18 + nameLength(logRow));
        } catch (MalformedRecord e) {
            throw damaged(e);
        }
    }

    static RecordedEvent logEvent(byte[] key, byte[] row, StreamId stream) {
        int name = nameLength(row);
        long version = ByteSource.number8(row, 2 + name);
        Instant time = Instant.ofEpochMilli(ByteSource.number8(row, 10 + name));
        return new RecordedEvent(stream, version, ViewKeys.position(key, 1), time, event(row, 18 + name));
    }

    static RecordedEvent streamEvent(StreamId stream, long version, byte[] row) {
        Instant time = Instant.ofEpochMilli(ByteSource.number8(row, 16));
        return new RecordedEvent(stream, version, ViewKeys.position(row, 0), time, event(row, STREAM_ROW_EVENT));
    }

    private static int nameLength(byte[] logRow) {
        return ((logRow[0] & 0xFF) << 8) + (logRow[1] & 0xFF);
    }

    private static EventData event(byte[] row, int from) {
        try {
            return EventCodec.read(row, from);
        } catch (MalformedRecord e) {
            throw damaged(e);
        }
    }

    private static StoreUnavailable damaged(MalformedRecord e) {
        return new StoreUnavailable("the view holds an event that cannot be read: " + e.reason(), e);
    }
}
