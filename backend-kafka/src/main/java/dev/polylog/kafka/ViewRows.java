package dev.polylog.kafka;

import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.kafka.LogEntry.Slice;
import dev.polylog.spi.CellStore.Cell;
import java.util.ArrayList;
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

    /** The ids of so many events from a version on; fewer where the stream ends. */
    List<UUID> ids(StreamId stream, long firstVersion, int count) {
        byte[] prefix = ViewKeys.stream(stream);
        byte[] row = reads.get(ViewKeys.streamRow(prefix, firstVersion));
        if (row != null) {
            List<UUID> ids = StreamRow.of(firstVersion, row).ids(firstVersion, count);
            if (ids.size() == count) {
                return ids;
            }
        }
        return reads.walk(rows -> {
            List<UUID> ids = new ArrayList<>(count);
            rows.seekForPrev(ViewKeys.streamRow(prefix, firstVersion));
            for (; ids.size() < count && isIn(rows, prefix); rows.next()) {
                ids.addAll(streamRow(rows, prefix).ids(firstVersion, count));
            }
            return ids;
        });
    }

    Position position(StreamId stream, long version) {
        byte[] prefix = ViewKeys.stream(stream);
        return reads.walk(rows -> {
            rows.seekForPrev(ViewKeys.streamRow(prefix, version));
            if (!isIn(rows, prefix) || streamRow(rows, prefix).lastVersion() < version) {
                throw new StoreUnavailable("the view holds no event " + version + " of stream " + stream, null);
            }
            return streamRow(rows, prefix).position(version);
        });
    }

    /** Whether a walk stands at a row of a stream. */
    static boolean isIn(RocksIterator rows, byte[] prefix) {
        return rows.isValid() && ViewKeys.startsWith(rows.key(), prefix);
    }

    static StreamRow streamRow(RocksIterator rows, byte[] prefix) {
        return StreamRow.of(ByteSource.number8(rows.key(), prefix.length), rows.value());
    }

    /** The appends at some offsets, in their order. */
    List<AppendRow> appends(List<Long> offsets) {
        List<byte[]> rows = reads.log(offsets.stream().map(ViewKeys::number).toList());
        List<AppendRow> appends = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            appends.add(AppendRow.of(offsets.get(i), rows.get(i)));
        }
        return appends;
    }

    long revision(String cell) {
        byte[] row = reads.get(ViewKeys.cell(cell));
        return row == null ? 0 : ByteSource.number8(row, 0);
    }

    Optional<Cell> cell(String name) {
        byte[] row = reads.get(ViewKeys.cell(name));
        return row == null
                ? Optional.empty()
                : Optional.of(new Cell(ByteSource.number8(row, 0), Payload.of(row, 8, row.length - 8)));
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

    <T> T walkLog(Function<RocksIterator, T> walker) {
        return reads.walkLog(walker);
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
}
