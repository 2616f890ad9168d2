package dev.polylog.eventstoredb;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.eventstoredb.ReadAhead.Turn;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The reads. A stream that was deleted or ended by others reads as one without events; of one that was truncated the
 * events that are left are read, with the versions that they had. A page of everything leaves out what is no event of the
 * log, and says how far it looked.
 *
 * <p>Thread-safe. Rules, G-01 to G-07.
 */
final class KurrentReader {

    /** The most events of one page, whatever was asked for. */
    private static final int MOST = 4_096;

    /** How many events are looked at for a filtered page: few of them may pass. */
    private static final int FILTERED = 1_024;

    /** The most bytes of a page that nobody has asked for yet. */
    private static final long AHEAD_BYTES = 4L << 20;

    private final KurrentCalls calls;
    private final KurrentAnchors anchors;
    private final Barren barren = new Barren();
    private final ReadAhead<Walk> ahead = new ReadAhead<>(this::begin, System::nanoTime);

    KurrentReader(KurrentCalls calls) {
        this.calls = calls;
        this.anchors = new KurrentAnchors(calls);
    }

    StreamSlice readStream(StreamRead read) {
        int most = Math.min(read.maxEvents(), MOST);
        boolean forwards = read.direction() == Direction.FORWARDS;
        long next = forwards ? Math.max(1, read.from()) : read.from();
        if (!forwards && next == 0) {
            return new StreamSlice(List.of(), true, version(read));
        }
        ReadStreamOptions options = ReadStreamOptions.get().maxCount(most);
        options = forwards
                ? options.forwards().fromRevision(next - 1)
                : next == Long.MAX_VALUE
                        ? options.backwards().fromEnd()
                        : options.backwards().fromRevision(next - 1);
        try {
            Fetched<LogPage.Bounded> fetched =
                    calls.readStream(read.stream().name(), options, () -> new LogPage.Bounded(read.maxBytes()));
            List<RecordedEvent> events = fetched.page().events();
            long version = fetched.broken() ? version(read) : fetched.last() + 1;
            return slice(events, forwards, fetched.broken() || events.size() == most, version);
        } catch (Failed e) {
            return missing(e);
        }
    }

    private static StreamSlice slice(List<RecordedEvent> events, boolean forwards, boolean more, long version) {
        if (!more || events.isEmpty()) {
            return new StreamSlice(events, true, version);
        }
        long last = events.get(events.size() - 1).version();
        return new StreamSlice(events, forwards ? last >= version : last <= 1, version);
    }

    private StreamSlice missing(Failed e) {
        if (e.meaning() == Meaning.MISSING || e.meaning() == Meaning.ENDED) {
            return new StreamSlice(List.of(), true, 0);
        }
        throw calls.known("reading a stream", e);
    }

    private long version(StreamRead read) {
        try {
            return calls.readStream(
                                    read.stream().name(),
                                    ReadStreamOptions.get()
                                            .backwards()
                                            .fromEnd()
                                            .maxCount(1),
                                    Raw::new)
                            .last()
                    + 1;
        } catch (Failed e) {
            return missing(e).streamVersion();
        }
    }

    LogSlice readAll(LogRead read) {
        Turn<Walk> turn = ahead.asked(read);
        LogSlice slice;
        try {
            slice = slice(read, turn);
        } catch (Failed e) {
            throw calls.known("reading everything", e);
        } finally {
            ahead.ended(turn);
        }
        if (!slice.atHead() && KurrentAnchors.isPlain(slice.lookedUpTo())) {
            ahead.served(turn, read.from(slice.lookedUpTo()));
        }
        return slice;
    }

    private LogSlice slice(LogRead read, Turn<Walk> turn) throws Failed {
        Walk begun = turn.page() == null ? null : calls.ifRead(turn.page());
        if (begun != null && !begun.more()) {
            // What showed the end shows where it was then; by now there may be more.
            begun = null;
        }
        int wanted = read.maxEvents();
        if (begun != null && begun.events().size() > wanted) {
            return first(read, turn, begun);
        }
        return read.direction() == Direction.FORWARDS ? forwards(read, begun) : backwards(read, begun);
    }

    private LogSlice first(LogRead read, Turn<Walk> turn, Walk begun) {
        int wanted = read.maxEvents();
        LogSlice slice = begun.first(wanted).slice();
        ahead.putBack(turn, read.from(slice.lookedUpTo()), begun.behind(wanted));
        if (KurrentAnchors.isPlain(begun.lookedUpTo())) {
            ahead.behindRest(
                    turn, read.from(begun.lookedUpTo()), (begun.events().size() + wanted - 1) / wanted);
        }
        return slice;
    }

    /** Reads more at once than is asked for: a call costs as much as a hundred events. */
    private CompletableFuture<Walk> begin(LogRead read) {
        LogRead large = new LogRead(
                read.direction(), read.bound(), read.filter(), MOST, Math.min(read.maxBytes(), AHEAD_BYTES));
        LogPage page = newPage(large, read.bound());
        ReadAllOptions options = ReadAllOptions.get()
                .fromPosition(KurrentAnchors.sent(read.bound()))
                .maxCount(page.most());
        return calls.begin(read.direction() == Direction.FORWARDS ? options.forwards() : options.backwards(), page)
                .thenApply(Walk::of);
    }

    private LogSlice forwards(LogRead read, @Nullable Walk begun) throws Failed {
        Position bound = read.bound();
        Walk walk = begun == null ? begin(read, barren.from(bound)) : begun;
        while (walk.goesOn()) {
            walk = page(
                    read, ReadAllOptions.get().forwards().fromPosition(KurrentAnchors.sent(walk.seen())), walk.seen());
        }
        if (!walk.found()) {
            // Nothing but what is no event: the next read need not look at it again.
            barren.remember(bound, walk.seen());
            return new LogSlice(List.of(), bound, true);
        }
        return walk.slice();
    }

    private Walk begin(LogRead read, Position start) throws Failed {
        if (start.equals(Position.START)) {
            return page(read, ReadAllOptions.get().forwards().fromStart(), start);
        }
        if (KurrentAnchors.isPlain(start)) {
            try {
                return page(read, ReadAllOptions.get().forwards().fromPosition(KurrentAnchors.sent(start)), start);
            } catch (Failed e) {
                if (!KurrentAnchors.isRefused(e)) {
                    throw e;
                }
            }
        }
        Position anchor = anchors.atOrAfter(start);
        return anchor.equals(Position.END)
                ? new Walk(List.of(), read.bound(), start, false, false)
                : page(read, ReadAllOptions.get().forwards().fromPosition(KurrentAnchors.sent(anchor)), start);
    }

    private LogSlice backwards(LogRead read, @Nullable Walk begun) throws Failed {
        Position bound = read.bound();
        if (bound.equals(Position.START)) {
            return new LogSlice(List.of(), bound, true);
        }
        Walk walk = begun == null ? beginBackwards(read) : begun;
        while (walk.goesOn()) {
            walk = page(
                    read, ReadAllOptions.get().backwards().fromPosition(KurrentAnchors.sent(walk.seen())), walk.seen());
        }
        return walk.slice();
    }

    private Walk beginBackwards(LogRead read) throws Failed {
        Position bound = read.bound();
        if (KurrentAnchors.isPlain(bound)) {
            try {
                return page(read, ReadAllOptions.get().backwards().fromPosition(KurrentAnchors.sent(bound)), bound);
            } catch (Failed e) {
                if (!KurrentAnchors.isRefused(e)) {
                    throw e;
                }
            }
        }
        Position anchor = bound.equals(Position.END) ? bound : anchors.atOrAfter(bound);
        return page(
                read,
                anchor.equals(Position.END)
                        ? ReadAllOptions.get().backwards().fromEnd()
                        : ReadAllOptions.get().backwards().fromPosition(KurrentAnchors.sent(anchor)),
                bound);
    }

    private Walk page(LogRead read, ReadAllOptions options, Position from) throws Failed {
        Fetched<LogPage> fetched =
                calls.readAll(options.maxCount(newPage(read, from).most()), () -> newPage(read, from));
        return Walk.of(fetched);
    }

    /** One read of the server; forwards it begins with the event at the bound itself, which is passed over. */
    private static LogPage newPage(LogRead read, Position from) {
        int wanted = Math.min(read.maxEvents(), MOST);
        int passedOver = read.direction() == Direction.FORWARDS ? 1 : 0;
        int most = (read.filter().isAll() ? wanted : Math.max(wanted, FILTERED)) + passedOver;
        return new LogPage(read, wanted, most, from);
    }

    /**
     * A page, and whether more lies beyond it.
     *
     * @param lookedUpTo the last event of the log that was looked at
     * @param seen the last event that the server showed, of whatever kind
     * @param found whether there was an event of the log, wanted or not
     */
    private record Walk(List<RecordedEvent> events, Position lookedUpTo, Position seen, boolean found, boolean more) {

        static Walk of(Fetched<LogPage> fetched) {
            LogPage page = fetched.page();
            boolean more = fetched.broken() || page.isFull();
            return new Walk(page.events(), page.lookedUpTo(), page.seen(), page.hasFound(), more);
        }

        /** A page without any event of the log says nothing, unless it is the last one. */
        boolean goesOn() {
            return more && !found;
        }

        Walk first(int count) {
            return new Walk(events.subList(0, count), events.get(count - 1).position(), seen, true, true);
        }

        Walk behind(int count) {
            return new Walk(events.subList(count, events.size()), lookedUpTo, seen, true, more);
        }

        LogSlice slice() {
            return new LogSlice(events, lookedUpTo, !more);
        }
    }

    /** A stretch of the log in which no event stands; only the latest one found. Thread-safe. */
    private static final class Barren {

        private Position bound = Position.END;
        private Position seen = Position.END;

        synchronized Position from(Position wanted) {
            return wanted.equals(bound) ? seen : wanted;
        }

        synchronized void remember(Position from, Position to) {
            bound = from;
            seen = to;
        }
    }
}
