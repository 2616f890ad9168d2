package dev.polylog.eventstoredb;

import dev.polylog.spi.LogRead;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Begins the next page of a reader while it works on the one before, so that server and reader do not wait for each other.
 *
 * <p>Only for those who were seen to come for a next page at once; a single page costs nothing more. A page is given to one
 * reader, if it comes within a few seconds, and only a few are held at a time: whoever comes when there is none reads as
 * if this were not there. Thread-safe.
 *
 * @param <T> what a page is
 */
final class ReadAhead<T> {

    /** How soon a reader is back that goes on reading. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** How old a page may be: what was deleted since is still in it. */
    static final Duration FRESH = Duration.ofSeconds(5);

    /** How many pages may be held. */
    static final int MOST = 4;

    /** How many readers are remembered. */
    private static final int READERS = 64;

    private final Function<LogRead, CompletableFuture<T>> begin;
    private final LongSupplier nanoTime;
    private final Map<LogRead, Begun<T>> begun = new HashMap<>();
    private final Map<LogRead, Long> expected = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogRead, Long> eldest) {
            return size() > READERS;
        }
    };

    /**
     * @param begin begins to read a page, and returns at once
     */
    ReadAhead(Function<LogRead, CompletableFuture<T>> begin, LongSupplier nanoTime) {
        this.begin = begin;
        this.nanoTime = nanoTime;
    }

    private record Begun<T>(CompletableFuture<T> page, long at) {}

    /**
     * A read as it comes.
     *
     * @param goesOn whether it goes on at once where another one ended
     * @param page the page, where it was begun before it was asked for
     * @param begunAt when that was
     * @param <T> what a page is
     */
    record Turn<T>(boolean goesOn, @Nullable CompletableFuture<T> page, long begunAt) {}

    /** A page is asked for. */
    synchronized Turn<T> asked(LogRead read) {
        long now = nanoTime.getAsLong();
        Long served = expected.remove(read);
        dropOld(now);
        Begun<T> ahead = begun.remove(read);
        boolean goesOn = served != null && now - served <= SOON.toNanos();
        return ahead == null ? new Turn<>(goesOn, null, now) : new Turn<>(goesOn, ahead.page(), ahead.at());
    }

    /** A page was read behind which there is more. */
    synchronized void served(Turn<T> turn, LogRead next) {
        long now = nanoTime.getAsLong();
        expected.put(next, now);
        dropOld(now);
        if (turn.goesOn() && begun.size() < MOST && !begun.containsKey(next)) {
            begun.put(next, new Begun<>(begin.apply(next), now));
        }
    }

    /** Of a page that was given more was read than was asked for: the rest is for whoever goes on. */
    synchronized void putBack(Turn<T> turn, LogRead next, T rest) {
        if (begun.size() < MOST) {
            begun.putIfAbsent(next, new Begun<>(CompletableFuture.completedFuture(rest), turn.begunAt()));
        }
    }

    private void dropOld(long now) {
        begun.values().removeIf(page -> now - page.at() > FRESH.toNanos());
    }
}
