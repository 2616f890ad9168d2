package dev.polylog.kafka;

import dev.polylog.kafka.Decision.Judged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.rocksdb.WriteBatch;

/** A view without a broker: the test says what lies in the log. */
final class TestView implements AutoCloseable {

    static final UUID LOG = new UUID(1, 2);

    private final ViewStore store;
    private final StreamHeads heads;
    private final List<byte[]> log = new ArrayList<>();
    private final WriteBatch writing;
    private Map<UUID, ViewBatch.WriterMark> writers = Map.of();
    private ViewMark mark = ViewMark.beginning(Uuid.ONE_UUID);

    TestView(Path folder) throws Exception {
        store = ViewStore.open(folder, () -> {});
        heads = new StreamHeads(rows());
        writing = new WriteBatch(); // once the store has loaded the library
    }

    ViewRows rows() {
        return new ViewRows(store);
    }

    ViewMark mark() {
        return mark;
    }

    List<byte[]> log() {
        return log;
    }

    static byte[] record(UUID writer, int epoch, long sequence, LogEntry entry) {
        byte[] record = RecordCodec.write(LOG, writer, entry);
        RecordCodec.seal(record, epoch, sequence);
        return record;
    }

    /** Puts records at the end of the log and applies them together. */
    List<Decision> apply(byte[]... records) {
        List<Decision> decisions = new ArrayList<>();
        try (ViewBatch batch = new ViewBatch(store, heads, mark, writers, writing)) {
            for (byte[] record : records) {
                Judged judged = KafkaRules.apply(new LogRecord(log.size(), 1_000 + log.size(), record), batch);
                log.add(record);
                decisions.add(judged.decision());
            }
            batch.publishVersions();
            mark = batch.write();
            writers = batch.writers();
        }
        return decisions;
    }

    Decision applyOne(byte[] record) {
        return apply(new byte[][] {record}).get(0);
    }

    @Override
    public void close() {
        writing.close();
        store.close();
    }
}
