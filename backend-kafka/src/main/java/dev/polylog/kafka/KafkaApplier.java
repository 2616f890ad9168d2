package dev.polylog.kafka;

import dev.polylog.LogDiverged;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.Decision.Judged;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
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
 * <p>A thread of its own applies; the others only hand over. But a record of ours that nothing else is under way with is
 * applied by the thread that brings its acknowledgement, if nobody applies: that saves a writer who is alone a hand-over
 * between threads. One thread applies at a time. Thread-safe.
 */
final class KafkaApplier implements Runnable {

    /**
     * Hears of everything that was decided. Called by whichever thread applies, before the view is written and after; that
     * may be a thread of the client's, so it must not wait and not write.
     */
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
    private final ArrayDeque<Runnable> errands = new ArrayDeque<>();
    private @Nullable WriteBatch writing;
    private Map<UUID, ViewBatch.WriterMark> writers = Map.of();
    private boolean applying;
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

    /**
     * The tail hands over what it fetched; waits while two fetches are waiting already.
     *
     * @return whether there is to be more
     */
    boolean fetched(List<LogRecord> records, long end) throws InterruptedException {
        lock.lock();
        try {
            while (fetches.size() >= MOST_FETCHES && !stopped) {
                room.await();
            }
            if (!stopped) {
                fetches.add(new Fetch(records, end));
                work.signal();
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The broker has acknowledged a record of our own.
     *
     * @param alone whether no other record of ours is under way: then it is decided when this returns, where that is
     *     possible at once
     */
    void acknowledged(LogRecord record, boolean alone) {
        Fetch next = null;
        lock.lock();
        try {
            acknowledged.put(record.offset(), record);
            if (alone && !applying && !stopped && fetches.isEmpty()) {
                next = gather(view.lastMark().next());
            }
            if (next == null) {
                work.signal();
            } else {
                applying = true;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            applyWatched(next);
        }
    }

    /** Has something done by the thread of its own, for whom it would take too long. */
    void errand(Runnable task) {
        lock.lock();
        try {
            errands.add(task);
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
        try {
            Runnable next = take();
            while (next != null) {
                next.run();
                next = take();
            }
        } catch (RuntimeException | InterruptedException e) {
            failed(e);
        } finally {
            free();
        }
    }

    /** Whatever it was that ended the thread: nobody begins to apply any more, and whoever still does is waited for. */
    private void free() {
        lock.lock();
        try {
            stopped = true;
            while (applying) {
                work.awaitUninterruptibly();
            }
            if (writing != null) {
                writing.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Applies what {@link #gather} gave, for the one thread that is to. */
    private void applyWatched(Fetch fetch) {
        try {
            apply(fetch);
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            lock.lock();
            try {
                applying = false;
                if (stopped || !fetches.isEmpty() || !acknowledged.isEmpty() || !errands.isEmpty()) {
                    work.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void failed(Exception e) {
        stop();
        if (e instanceof ViewsDiffer) {
            LOG.error("{}; the view in {} is given up", e.getMessage(), view.folder(), e);
            view.folder().condemn();
            view.fail(() -> new LogDiverged(e.getMessage() + ". Close the store and open it again: its view in "
                    + view.folder() + " is then made anew. If it happens again, the other process is wrong"));
        } else if (e instanceof PolylogException known) {
            LOG.error("the view in {} cannot go on: {}", view.folder(), e.getMessage(), e);
            view.fail(() -> KafkaFailures.again(known));
        } else {
            LOG.error("the view in {} cannot go on", view.folder(), e);
            view.fail(() -> new StoreUnavailable("the view in " + view.folder() + " cannot go on: " + e, e));
        }
    }

    /** What the thread of its own does next; null when it is time to end. */
    private @Nullable Runnable take() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                if (!applying) {
                    Runnable errand = errands.poll();
                    if (errand != null) {
                        return errand;
                    }
                    Fetch next = gather(view.lastMark().next());
                    if (next != null && !stopped) {
                        applying = true;
                        return () -> applyWatched(next);
                    }
                }
                if (!stopped) {
                    work.await();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The records that come next, in order; null where none do. */
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

    private void apply(Fetch fetch) {
        if (fetch.end() == view.lastMark().next()) {
            return;
        }
        List<Applied> applied = new ArrayList<>(fetch.records().size());
        if (writing == null) {
            writing = new WriteBatch();
        }
        try (ViewBatch batch = new ViewBatch(view.store(), heads, view.lastMark(), writers, writing)) {
            for (LogRecord record : fetch.records()) {
                applied.add(new Applied(record, KafkaRules.apply(record, batch)));
            }
            batch.skipTo(fetch.end());
            batch.publishVersions();
            listener.decided(applied);
            view.advance(batch.write(), batch.events());
            writers = batch.writers();
        }
        listener.applied(applied);
    }
}
