package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one reader will ask for next: calls that show many events, cut into pages while they come, so that server and
 * reader do not wait for each other. What nobody has asked for yet is bounded: a call that would hold more is broken off,
 * and the next one is made when half of it is taken. Who takes faster than the server shows gets longer and longer calls,
 * so that hardly any time passes between them; for who does not, little is read in vain.
 *
 * <p>Thread-safe; for one reader at a time. Ends where the log ended, where a call failed, and where pages were left
 * lying: who wants more then has to read it himself.
 */
final class Prefetch {

    /** How old a page may be: what was deleted since is still in it. */
    static final Duration FRESH = Duration.ofSeconds(5);

    /** The most events of a page. */
    static final int PAGE = 512;

    /** The most bytes of a page. */
    static final long PAGE_BYTES = 1L << 20;

    /** How many pages the first call shows: few enough to be fresh for who takes a page a second. */
    static final int FIRST_PAGES = 3;

    /** How many events are held when a call is broken off. */
    static final int MOST_EVENTS = 4_096;

    /** How many bytes are held when a call is broken off. */
    static final long MOST_BYTES = 4L << 20;

    /** The most events that one call shows. */
    static final int MOST_OF_A_CALL = 32_768;

    private final LogRead read;
    private final Server server;
    private final Duration longest;
    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Held> held = new ArrayDeque<>();
    private Position next;
    private int count;
    private int heldEvents;
    private long heldBytes;
    private long called;
    private boolean begun;
    private boolean awaited;
    private boolean starved;
    private boolean calling;
    private boolean ended;

    /** Makes the calls. */
    interface Server {

        /**
         * Begins one; returns at once, and ends in time.
         *
         * @param read where it begins, and what a page holds
         * @param events how many events of whatever kind it shows
         * @param enough gets the pages, and tells which one is enough
         */
        CompletableFuture<End> show(LogRead read, int events, Predicate<Shown> enough);
    }

    /** How a call ended that did not fail. */
    enum End {
        /** It has shown as many events as it was to. */
        OF_THE_CALL,
        /** There were no more. */
        OF_THE_LOG,
        /** A page was enough. */
        BROKEN_OFF
    }

    /**
     * A page as a call shows it.
     *
     * @param slice the page; null where there was no event of the log
     * @param seen the last event of whatever kind
     * @param looked how many events of whatever kind were looked at
     * @param bytes the size of the page's events
     */
    record Shown(@Nullable LogSlice slice, Position seen, int looked, long bytes) {}

    private record Held(LogSlice slice, int looked, long bytes, long at) {}

    /**
     * Reads nothing yet.
     *
     * @param read what the reader asks for, and then again from where each page ends
     * @param longest how long a call goes on
     * @param nanoTime what ages are measured by
     */
    Prefetch(LogRead read, Server server, Duration longest, LongSupplier nanoTime) {
        this.read = new LogRead(
                read.direction(),
                read.bound(),
                read.filter(),
                Math.min(read.maxEvents(), PAGE),
                Math.min(read.maxBytes(), PAGE_BYTES));
        this.server = server;
        this.longest = longest;
        this.nanoTime = nanoTime;
        this.next = read.bound();
        this.count = FIRST_PAGES * LogPage.looked(this.read);
    }

    /**
     * The next page, which is never said to be the last one. Waits for it while it is being read.
     *
     * @return null where it has to be read in another way
     */
    @Nullable
    LogSlice take() {
        asked();
        callOn();
        LogSlice taken = taken();
        callOn();
        return taken;
    }

    private void asked() {
        lock.lock();
        try {
            awaited = held.isEmpty();
            if (awaited) {
                heldEvents = 0;
                starved = begun;
            }
            begun = true;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable LogSlice taken() {
        lock.lock();
        try {
            while (held.isEmpty() && !ended) {
                changed.await();
            }
            awaited = false;
            Held first = held.poll();
            if (first == null || nanoTime.getAsLong() - first.at() > FRESH.toNanos()) {
                ended = true;
                return null;
            }
            heldEvents = held.isEmpty() ? 0 : heldEvents - first.looked();
            heldBytes -= first.bytes();
            return first.slice();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ended = true;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Makes the next call, if it is time. */
    private void callOn() {
        LogRead from;
        int events;
        lock.lock();
        try {
            if (calling || ended || 2L * heldEvents > Math.min(count, MOST_EVENTS) || 2 * heldBytes > MOST_BYTES) {
                return;
            }
            if (starved) {
                starved = false;
                count = Math.min(2 * count, MOST_OF_A_CALL);
            }
            calling = true;
            called = nanoTime.getAsLong();
            from = read.from(next);
            events = count;
        } finally {
            lock.unlock();
        }
        var unused = server.show(from, events, this::keep).whenComplete((end, failure) -> {
            ended(end);
            callOn();
        });
    }

    private void ended(@Nullable End end) {
        lock.lock();
        try {
            calling = false;
            ended |= end == null || end == End.OF_THE_LOG;
            if (end == End.BROKEN_OFF && isFull()) {
                starved = false;
                count = Math.max(1, heldEvents / 2);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return heldEvents >= MOST_EVENTS || heldBytes >= MOST_BYTES;
    }

    /** Keeps a page; true if that is enough. */
    private boolean keep(Shown shown) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            next = shown.seen();
            LogSlice slice = shown.slice();
            if (slice != null && !ended) {
                held.add(new Held(slice, shown.looked(), shown.bytes(), now));
                heldBytes += shown.bytes();
                changed.signalAll();
            }
            // A page without any event of the log says nothing; who waits wants what is behind it.
            heldEvents = held.isEmpty() && awaited ? 0 : heldEvents + shown.looked();
            return ended || isFull() || now - called > longest.toNanos();
        } finally {
            lock.unlock();
        }
    }
}
