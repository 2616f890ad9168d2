package dev.polylog.eventstoredb;

import dev.polylog.Direction;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Page;
import dev.polylog.eventstoredb.Prefetch.End;
import dev.polylog.eventstoredb.Prefetch.Shown;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.RecordedEvent;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Cuts what one call shows into pages while it comes.
 *
 * <p>For one thread at a time.
 */
final class LogCutter implements Page {

    private final LogRead read;
    private final Predicate<Shown> enough;
    private LogPage page;
    private int shown;

    private LogCutter(LogRead read, Predicate<Shown> enough) {
        this.read = read;
        this.enough = enough;
        this.page = new LogPage(read, read.bound());
    }

    /**
     * Begins a call; returns at once.
     *
     * @param read where the call begins, and what a page holds
     * @param events how many events of whatever kind it is to show
     * @param enough gets the pages, and breaks the call off with one that is enough
     */
    static CompletableFuture<End> show(KurrentCalls calls, LogRead read, int events, Predicate<Shown> enough) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        // Forwards the event at the bound itself comes first, and is passed over.
        int asked = forwards ? events + 1 : events;
        ReadAllOptions options = ReadAllOptions.get()
                .fromPosition(KurrentAnchors.sent(read.bound()))
                .maxCount(asked);
        return calls.begin(forwards ? options.forwards() : options.backwards(), new LogCutter(read, enough))
                .thenApply(fetched -> ended(fetched, asked));
    }

    private static End ended(Fetched<LogCutter> fetched, int asked) {
        if (fetched.broken()) {
            return End.BROKEN_OFF;
        }
        LogCutter cutter = fetched.page();
        var unused = cutter.cut();
        return cutter.shown < asked ? End.OF_THE_LOG : End.OF_THE_CALL;
    }

    @Override
    public boolean add(RecordedEvent event) {
        shown++;
        return (page.add(event) || page.isFull()) && cut();
    }

    private boolean cut() {
        LogPage cut = page;
        page = new LogPage(read, cut.seen());
        LogSlice slice = cut.hasFound() ? new LogSlice(cut.events(), cut.lookedUpTo(), false) : null;
        return enough.test(new Shown(slice, cut.seen(), cut.looked(), cut.bytes()));
    }
}
