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
 * <p>Only for those who were seen to come for a next page at once; a single page costs nothing more. A page may hold more
 * than a reader asks for at a time; who would take long over it finds the one behind it begun with its last part, who is
 * quick with its first. A page is given to one reader, if it comes within a few seconds, and only a few are held at a time:
 * whoever comes when there is none reads as if this were not there. Thread-safe.
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

    /** A place: a page that was begun, or null while the one who was given it is still at work on it. */
    private record Begun<T>(@Nullable CompletableFuture<T> page, long at) {}

    /**
     * A read as it comes.
     *
     * @param read the read
     * @param goesOn whether it goes on at once where another one ended
     * @param page the page, where it was begun before it was asked for
     * @param begunAt when that was
     * @param pause how many nanoseconds after the other one it comes
     * @param <T> what a page is
     */
    record Turn<T>(LogRead read, boolean goesOn, @Nullable CompletableFuture<T> page, long begunAt, long pause) {}

    /** A page is asked for. The place of one that is given stays taken until the turn has {@linkplain #ended ended}. */
    synchronized Turn<T> asked(LogRead read) {
        long now = nanoTime.getAsLong();
        Long served = expected.remove(read);
        dropOld(now);
        Begun<T> ahead = begun.get(read);
        long pause = served == null ? Long.MAX_VALUE : now - served;
        boolean goesOn = pause <= SOON.toNanos();
        if (ahead == null || ahead.page() == null) {
            return new Turn<>(read, goesOn, null, now, pause);
        }
        begun.put(read, new Begun<>(null, ahead.at()));
        return new Turn<>(read, goesOn, ahead.page(), ahead.at(), pause);
    }

    /** What was asked for was read, or failed. */
    synchronized void ended(Turn<T> turn) {
        leave(turn);
    }

    private boolean leave(Turn<T> turn) {
        return turn.page() != null && begun.remove(turn.read(), new Begun<T>(null, turn.begunAt()));
    }

    /** A page was read behind which there is more. */
    synchronized void served(Turn<T> turn, LogRead next) {
        long now = nanoTime.getAsLong();
        expected.put(next, now);
        dropOld(now);
        begin(turn, next, now);
    }

    private void begin(Turn<T> turn, LogRead next, long now) {
        if (turn.goesOn() && begun.size() < MOST && !begun.containsKey(next)) {
            begun.put(next, new Begun<>(begin.apply(next), now));
        }
    }

    /**
     * Of a page that was given more was read than was asked for: the rest is for whoever goes on, and takes the page's
     * place.
     */
    synchronized void putBack(Turn<T> turn, LogRead next, T rest) {
        if (leave(turn)) {
            begun.putIfAbsent(next, new Begun<>(CompletableFuture.completedFuture(rest), turn.begunAt()));
        }
    }

    /**
     * Behind the rest there is more, which is begun now if the reader, as quick as it is, will soon ask for it.
     *
     * @param behind the read that goes on behind the rest
     * @param reads how often the reader comes until then
     */
    synchronized void behindRest(Turn<T> turn, LogRead behind, int reads) {
        if (turn.pause() <= SOON.toNanos() / reads) {
            begin(turn, behind, nanoTime.getAsLong());
        }
    }

    private void dropOld(long now) {
        begun.values().removeIf(page -> now - page.at() > FRESH.toNanos());
    }
}
