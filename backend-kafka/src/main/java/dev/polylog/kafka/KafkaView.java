package dev.polylog.kafka;

import dev.polylog.LogDiverged;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of the log: rows in files, and the mark that says how far it has come.
 *
 * <p>One thread advances it, any may read it and wait for it. Thread-safe. A view that cannot go on says why to everybody who
 * waits or reads.
 */
final class KafkaView implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaView.class);

    private final ViewFolder folder;
    private final ViewStore store;
    private final ViewRows rows;
    private final StreamHeads heads;
    private final TailPace pace = new TailPace(System::nanoTime);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile ViewMark mark;
    private final AtomicLong growths = new AtomicLong();
    private final AtomicLong added = new AtomicLong();
    private volatile @Nullable Supplier<RuntimeException> failure;

    KafkaView(ViewFolder folder, ViewStore store, ViewMark mark) {
        this.folder = folder;
        this.store = store;
        this.rows = new ViewRows(store);
        this.heads = new StreamHeads(rows);
        this.mark = mark;
    }

    ViewFolder folder() {
        return folder;
    }

    ViewStore store() {
        return store;
    }

    /** How far it has come; throws why it cannot go on. */
    ViewMark mark() {
        requireSound();
        return mark;
    }

    /** How far it has come, also where it cannot go on. */
    ViewMark lastMark() {
        return mark;
    }

    /** The rows; throws why the view cannot go on. */
    ViewRows rows() {
        requireSound();
        return rows;
    }

    /** The versions of streams as they were decided last. */
    StreamHeads heads() {
        return heads;
    }

    /** When the tail is to read. */
    TailPace pace() {
        return pace;
    }

    private void requireSound() {
        Supplier<RuntimeException> why = failure;
        if (why != null) {
            throw why.get();
        }
    }

    /** How many events were added since it was opened. */
    long added() {
        return added.get();
    }

    /** How often events were added. */
    long growths() {
        return growths.get();
    }

    /** The thread that applies records has written this. */
    void advance(ViewMark reached, int events) {
        lock.lock();
        try {
            mark = reached;
            if (events > 0) {
                growths.incrementAndGet();
                added.addAndGet(events);
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The view cannot go on. The first reason stays. */
    void fail(Supplier<RuntimeException> why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The log is no longer what was read of it: nobody may read or wait any more, and the next view is a new one. */
    void diverged(String why) {
        folder.condemn();
        String message = "the topic no longer holds what was read of it (" + why
                + "): it lost its tail, or its beginning, or was made anew. Close the store and open it again: its view in "
                + folder + " is then made anew";
        LOG.error("{}", message);
        fail(() -> new LogDiverged(message));
    }

    /**
     * Waits until everything below an offset is in the view.
     *
     * @throws StoreUnavailable if that is not so in time
     */
    void awaitNext(long offset, Deadline deadline) {
        if (mark.next() >= offset) {
            requireSound();
            return;
        }
        pace.needNow();
        lock.lock();
        try {
            long left = deadline.remaining();
            while (mark.next() < offset) {
                requireSound();
                if (left <= 0) {
                    throw behind(offset);
                }
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while waiting for the view; nothing was read or written", e);
        } finally {
            lock.unlock();
        }
    }

    private StoreUnavailable behind(long offset) {
        return new StoreUnavailable(
                "the view has read the topic up to offset " + mark.next() + " and not yet up to " + offset
                        + ": the brokers do not answer, or it is still catching up. Try again later",
                null);
    }

    /** Waits until events were added since there were so many growths, or it is over. */
    void awaitGrowth(long seen, BooleanSupplier over) {
        lock.lock();
        try {
            while (growths.get() == seen && !over.getAsBoolean()) {
                moved.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets those look who wait for growth. */
    void nudge() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes the files; who waits gets {@link StoreClosed}. */
    @Override
    public void close() {
        fail(StoreClosed::new);
        store.close();
        folder.close();
    }
}
