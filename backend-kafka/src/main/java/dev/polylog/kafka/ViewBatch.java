package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.kafka.LogEntry.Slice;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.support.AppendRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * The view while records are applied to it: what is in the files, and over it what this batch adds. All of it is written
 * at once, together with the mark.
 *
 * <p>For one thread. Nothing of it is seen before it has been written.
 */
final class ViewBatch implements AppendRules.StreamView, AutoCloseable {

    private final ViewStore store;
    private final ViewRows rows;
    private final StreamHeads heads;
    private final WriteBatch batch;
    private final Map<StreamId, Grown> grown = new HashMap<>();
    private final Map<String, Long> cells = new HashMap<>();
    private final Map<UUID, WriterMark> writersBefore;
    private final Map<UUID, WriterMark> writers = new HashMap<>();
    private final Map<Long, Long> hashes = new HashMap<>();
    private final Uuid topicId;
    private @Nullable UUID logId;
    private long next;
    private long lastOffset;
    private int lastChecksum;
    private Position head;
    private int divergences;
    private long refused;
    private long hash;
    private int events;

    /** How far a writer has come. */
    record WriterMark(int epoch, long sequence) {

        boolean isBefore(int otherEpoch, long otherSequence) {
            return epoch < otherEpoch || (epoch == otherEpoch && sequence < otherSequence);
        }
    }

    /** A stream that this batch has added to. */
    private static final class Grown {
        final long before;
        final List<StreamRow> rows = new ArrayList<>(2);
        final byte[] key;
        long version;

        Grown(StreamId stream, long before) {
            this.before = before;
            this.version = before;
            this.key = ViewKeys.stream(stream);
        }

        void add(StreamRow row) {
            rows.add(row);
            version = row.lastVersion();
        }
    }

    /**
     * Begins where the view stands.
     *
     * @param writersBefore the {@link #writers} of the batch that was written last, so that who goes on writing need not be
     *     looked up; or none
     * @param batch takes what is to be written; empty, and emptied again at the end, so that its memory serves the next
     */
    ViewBatch(
            ViewStore store, StreamHeads heads, ViewMark mark, Map<UUID, WriterMark> writersBefore, WriteBatch batch) {
        this.writersBefore = writersBefore;
        this.batch = batch;
        this.store = store;
        this.rows = new ViewRows(store);
        this.heads = heads;
        this.topicId = mark.topicId();
        this.logId = mark.logId();
        this.next = mark.next();
        this.lastOffset = mark.lastOffset();
        this.lastChecksum = mark.lastChecksum();
        this.head = mark.head();
        this.divergences = mark.divergences();
        this.refused = mark.refused();
        this.hash = mark.hash();
    }

    @Override
    public long version(StreamId stream) {
        Grown here = grown.get(stream);
        return here == null ? heads.version(stream) : here.version;
    }

    @Override
    public List<UUID> ids(StreamId stream, long firstVersion, int count) {
        Grown here = grown.get(stream);
        long before = here == null ? Long.MAX_VALUE : here.before;
        List<UUID> ids = new ArrayList<>(count);
        if (firstVersion <= before) {
            ids.addAll(rows.ids(stream, firstVersion, (int) Math.min(count, before - firstVersion + 1)));
        }
        if (here != null) {
            here.rows.forEach(row -> ids.addAll(row.ids(firstVersion, count)));
        }
        return ids;
    }

    /** Where an event of a stream stands that is there. */
    Position position(StreamId stream, long version) {
        Grown here = grown.get(stream);
        if (here == null || version <= here.before) {
            return rows.position(stream, version);
        }
        return here.rows.stream()
                .filter(row -> row.lastVersion() >= version)
                .findFirst()
                .orElseThrow()
                .position(version);
    }

    /** An append was accepted: its events stand at the record's offset, each stream's from its first version on. */
    void add(LogRecord record, Slice body, AppendCommand command, Map<StreamId, Long> firstVersions) {
        int index = 0;
        for (StreamWrite write : command.writes()) {
            StreamId stream = write.stream();
            Grown here = grown.computeIfAbsent(stream, key -> new Grown(key, heads.version(key)));
            List<UUID> ids = write.events().stream().map(EventData::id).toList();
            StreamRow row =
                    new StreamRow(firstVersions.getOrDefault(stream, 0L), new Position(record.offset(), index), ids);
            here.add(row);
            put(ViewKeys.streamRow(here.key, row.firstVersion()), row.bytes());
            index += ids.size();
        }
        log(record.offset(), AppendRow.bytes(record.timestamp(), command, firstVersions, body));
        head = new Position(record.offset(), index - 1L);
        events += index;
    }

    /** A cell's revision, 0 where it does not exist. */
    long revision(String cell) {
        Long here = cells.get(cell);
        return here == null ? rows.revision(cell) : here;
    }

    void set(String cell, long revision, Slice value) {
        cells.put(cell, revision);
        put(ViewKeys.cell(cell), ViewRows.cellRow(revision, value));
    }

    @Nullable
    WriterMark writer(UUID writer) {
        WriterMark known = writers.getOrDefault(writer, writersBefore.get(writer));
        return known == null ? rows.writer(writer) : known;
    }

    void writer(UUID writer, int epoch, long sequence) {
        writers.put(writer, new WriterMark(epoch, sequence));
    }

    /** How far those have come who wrote something of this batch. */
    Map<UUID, WriterMark> writers() {
        return writers;
    }

    @Nullable
    UUID logId() {
        return logId;
    }

    void found(UUID id) {
        logId = id;
    }

    void diverged() {
        divergences++;
    }

    void refused() {
        refused++;
    }

    long lastOffset() {
        return lastOffset;
    }

    long hash() {
        return hash;
    }

    /** How many events the batch adds. */
    int events() {
        return events;
    }

    void keepHash(long offset, long kept, long forgotten) {
        hashes.put(offset, kept);
        put(ViewKeys.hash(offset), ViewKeys.number(kept));
        if (forgotten >= 0) {
            delete(ViewKeys.hash(forgotten));
        }
    }

    /** The hash of all decisions below an offset, where it was kept. */
    @Nullable
    Long keptHash(long offset) {
        Long here = hashes.get(offset);
        return here == null ? rows.hash(offset) : here;
    }

    /** A record was applied. */
    void passed(LogRecord record, int checksum, long code) {
        next = record.offset() + 1;
        lastOffset = record.offset();
        lastChecksum = checksum;
        hash = mixed(mixed(hash ^ record.offset()) + ((long) checksum << 32) + code);
    }

    /** There is nothing up to here: offsets have holes where the broker keeps records of its own. */
    void skipTo(long offset) {
        next = Math.max(next, offset);
    }

    /** The last step of a well-known generator (SplitMix64): every bit of the input changes half of the output's. */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Lets everybody know to what version streams have grown. */
    void publishVersions() {
        grown.forEach((stream, here) -> heads.grown(stream, here.version));
    }

    /** Writes everything at once. */
    ViewMark write() {
        ViewMark mark = new ViewMark(topicId, logId, next, lastOffset, lastChecksum, head, divergences, refused, hash);
        grown.forEach((stream, here) -> put(ViewKeys.head(stream), ViewKeys.number(here.version)));
        writers.forEach((writer, at) -> put(ViewKeys.writer(writer), ViewRows.writerRow(at)));
        put(ViewKeys.MARK, mark.bytes());
        store.write(batch);
        return mark;
    }

    private void log(long offset, byte[] row) {
        try {
            batch.put(store.log(), ViewKeys.number(offset), row);
        } catch (RocksDBException e) {
            throw new IllegalStateException("a batch in memory cannot be filled", e);
        }
    }

    private void put(byte[] key, byte[] value) {
        try {
            batch.put(key, value);
        } catch (RocksDBException e) {
            throw new IllegalStateException("a batch in memory cannot be filled", e);
        }
    }

    private void delete(byte[] key) {
        try {
            batch.delete(key);
        } catch (RocksDBException e) {
            throw new IllegalStateException("a batch in memory cannot be filled", e);
        }
    }

    @Override
    public void close() {
        batch.clear();
    }
}
