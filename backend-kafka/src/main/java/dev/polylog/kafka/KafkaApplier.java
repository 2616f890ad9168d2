package dev.polylog.kafka;

import dev.polylog.LogDiverged;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.Decision.Judged;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the records of the log to the view, in order, each once.
 *
 * <p>Records come from two sides: the tail brings all of them; the writer brings its own as soon as the broker has
 * acknowledged them, which spares them the way through the tail where everything before them is known. What the tail
 * brings a second time is skipped, but the last record that was applied must be the same. At most two fetches and the
 * writer's own unanswered records are held in memory.
 *
 * <p>Who waits for a decision hears of it before the view's files have it: reads wait for the files.
 *
 * <p>One thread of its own applies; the others only hand over. Thread-safe.
 */
final class KafkaApplier implements Runnable {

    /** Hears of everything that was decided. Called by the applying thread, before the view is written and after. */
    interface Listener {

        void decided(List<Applied> batch);

        void applied(List<Applied> batch);
    }

    /** A record and what became of it. */
    record Applied(LogRecord record, Judged judged) {}

    private static final Logger LOG = LoggerFactory.getLogger(KafkaApplier.class);
    private static final int MOST_FETCHES = 2;

    private final KafkaView view;
    private final StreamHeads heads;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Fetch> fetches = new ArrayDeque<>();
    private final TreeMap<Long, LogRecord> acknowledged = new TreeMap<>();
    private boolean stopped;

    /** What the tail brought at once: records, and the offset up to which there are no others. */
    private record Fetch(List<LogRecord> records, long end) {}

    KafkaApplier(KafkaView view, Listener listener) {
        this.view = view;
        this.heads = view.heads();
        this.listener = listener;
    }

    /** Takes what was fetched before the tail runs. */
    void begin(List<LogRecord> records, long end) {
        lock.lock();
        try {
            fetches.add(new Fetch(records, end));
        } finally {
            lock.unlock();
        }
    }

    /** The tail hands over what it fetched; waits while two fetches are waiting already. */
    void fetched(List<LogRecord> records, long end) throws InterruptedException {
        lock.lock();
        try {
            while (fetches.size() >= MOST_FETCHES && !stopped) {
                room.await();
            }
            if (!stopped) {
                fetches.add(new Fetch(records, end));
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The broker has acknowledged a record of our own. */
    void acknowledged(LogRecord record) {
        lock.lock();
        try {
            acknowledged.put(record.offset(), record);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            stopped = true;
            work.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try (WriteBatch writing = new WriteBatch()) {
            while (true) {
                Fetch next = take();
                if (next == null) {
                    return;
                }
                apply(next, writing);
            }
        } catch (ViewsDiffer e) {
            LOG.error("{}; the view in {} is given up", e.getMessage(), view.folder(), e);
            view.folder().condemn();
            view.fail(() -> new LogDiverged(e.getMessage() + ". Close the store and open it again: its view in "
                    + view.folder() + " is then made anew. If it happens again, the other process is wrong"));
        } catch (PolylogException e) {
            LOG.error("the view in {} cannot go on: {}", view.folder(), e.getMessage(), e);
            view.fail(() -> KafkaFailures.again(e));
        } catch (RuntimeException | InterruptedException e) {
            LOG.error("the view in {} cannot go on", view.folder(), e);
            view.fail(() -> new StoreUnavailable("the view in " + view.folder() + " cannot go on: " + e, e));
        }
    }

    /** The records that come next, in order; null when it is time to end. */
    private @Nullable Fetch take() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (stopped) {
                    return null;
                }
                Fetch next = gather(view.lastMark().next());
                if (next != null && !stopped) {
                    return next;
                }
                if (!stopped) {
                    work.await();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Fetch gather(long from) {
        long next = from;
        List<LogRecord> records = new ArrayList<>();
        Fetch fetch = fetches.poll();
        if (fetch != null) {
            room.signal();
            for (LogRecord record : fetch.records()) {
                if (record.offset() >= next) {
                    records.add(record);
                    next = record.offset() + 1;
                } else {
                    requireSame(record);
                }
            }
            next = Math.max(next, fetch.end());
        }
        while (!acknowledged.isEmpty() && acknowledged.firstKey() <= next) {
            LogRecord own = acknowledged.pollFirstEntry().getValue();
            if (own.offset() == next) {
                records.add(own);
                next++;
            }
        }
        pace(next > from && fetch == null);
        return next == from && fetch == null ? null : new Fetch(records, next);
    }

    /** Where the tail brings the record again that was applied last, it must be what it was. */
    private void requireSame(LogRecord record) {
        ViewMark mark = view.lastMark();
        if (record.offset() == mark.lastOffset() && RecordCodec.checksum(record.value()) != mark.lastChecksum()) {
            stopped = true;
            room.signalAll();
            view.diverged("there is another record at offset " + record.offset());
        }
    }

    private void pace(boolean followed) {
        if (!acknowledged.isEmpty()) {
            view.pace().needNow();
        } else if (followed) {
            view.pace().followed();
        }
    }

    private void apply(Fetch fetch, WriteBatch writing) {
        if (fetch.end() == view.lastMark().next()) {
            return;
        }
        List<Applied> applied = new ArrayList<>(fetch.records().size());
        try (ViewBatch batch = new ViewBatch(view.store(), heads, view.lastMark(), writing)) {
            for (LogRecord record : fetch.records()) {
                applied.add(new Applied(record, KafkaRules.apply(record, batch)));
            }
            batch.skipTo(fetch.end());
            batch.publishVersions();
            listener.decided(applied);
            view.advance(batch.write(), batch.events());
        }
        listener.applied(applied);
    }
}
