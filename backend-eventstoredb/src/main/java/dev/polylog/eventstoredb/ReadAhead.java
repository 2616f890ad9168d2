package dev.polylog.eventstoredb;

import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who reads page after page, and what is {@linkplain Prefetch read ahead} for them.
 *
 * <p>Only for those who were seen to come for a next page at once; a single page costs nothing more. A page is given to one
 * reader, if it comes within a few seconds, and only a few readers have something held for them at a time: whoever comes
 * when there is nothing reads as if this were not there. Thread-safe.
 */
final class ReadAhead {

    /** How soon a reader is back that goes on reading. */
    static final Duration SOON = Duration.ofSeconds(1);

    /** For how many readers something may be held. */
    static final int MOST = 4;

    /** How many readers are remembered. */
    private static final int READERS = 64;

    private final Function<LogRead, Prefetch> begin;
    private final LongSupplier nanoTime;
    private final Map<LogRead, Waiting> waiting = new HashMap<>();
    private final Map<LogRead, Long> expected = new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LogRead, Long> eldest) {
            return size() > READERS;
        }
    };

    private int working;

    /**
     * @param begin what reads ahead for a reader, who begins with this read
     * @param nanoTime what the pace of readers is measured by
     */
    ReadAhead(Function<LogRead, Prefetch> begin, LongSupplier nanoTime) {
        this.begin = begin;
        this.nanoTime = nanoTime;
    }

    /** What is held for a reader who is at work on a page, since when. */
    private record Waiting(Prefetch prefetch, long since) {}

    /**
     * The page that is asked for, where it was or is read ahead.
     *
     * @return null where it has to be read in another way
     */
    @Nullable
    LogSlice page(LogRead read) {
        Prefetch prefetch = forReader(read);
        if (prefetch == null) {
            return null;
        }
        LogSlice slice = prefetch.take();
        taken(prefetch, slice == null ? null : read.from(slice.lookedUpTo()));
        return slice;
    }

    private synchronized @Nullable Prefetch forReader(LogRead read) {
        long now = nanoTime.getAsLong();
        waiting.values().removeIf(held -> now - held.since() > Prefetch.FRESH.toNanos());
        Long served = expected.remove(read);
        Waiting held = waiting.remove(read);
        boolean goesOn = served != null && now - served <= SOON.toNanos() && waiting.size() + working < MOST;
        if (held == null && !goesOn) {
            return null;
        }
        working++;
        return held == null ? begin.apply(read) : held.prefetch();
    }

    private synchronized void taken(Prefetch prefetch, @Nullable LogRead next) {
        working--;
        if (next != null) {
            waiting.putIfAbsent(next, new Waiting(prefetch, nanoTime.getAsLong()));
        }
    }

    /** A page was read in another way, behind which there is more. */
    synchronized void served(LogRead next) {
        expected.put(next, nanoTime.getAsLong());
    }
}
