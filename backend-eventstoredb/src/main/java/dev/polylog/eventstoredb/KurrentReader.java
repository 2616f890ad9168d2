package dev.polylog.eventstoredb;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import java.time.Duration;
import java.util.List;

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

    /** Of the time that a call may take, which part one goes on for that is read ahead. */
    private static final int SHARE_OF_A_CALL = 4;

    private final KurrentCalls calls;
    private final KurrentAnchors anchors;
    private final Barren barren = new Barren();
    private final ReadAhead ahead;

    KurrentReader(KurrentCalls calls) {
        this.calls = calls;
        this.anchors = new KurrentAnchors(calls);
        Duration longest = calls.timeout().dividedBy(SHARE_OF_A_CALL);
        this.ahead = new ReadAhead(
                read -> new Prefetch(
                        read,
                        (from, events, enough) -> LogCutter.show(calls, from, events, enough),
                        longest,
                        System::nanoTime),
                System::nanoTime);
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
        LogSlice ready = ahead.page(read);
        if (ready != null) {
            return ready;
        }
        LogSlice slice;
        try {
            slice = read.direction() == Direction.FORWARDS ? forwards(read) : backwards(read);
        } catch (Failed e) {
            throw calls.known("reading everything", e);
        }
        if (!slice.atHead() && KurrentAnchors.isPlain(slice.lookedUpTo())) {
            ahead.served(read.from(slice.lookedUpTo()));
        }
        return slice;
    }

    private LogSlice forwards(LogRead read) throws Failed {
        Position bound = read.bound();
        Walk walk = begin(read, barren.from(bound));
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

    private LogSlice backwards(LogRead read) throws Failed {
        Position bound = read.bound();
        if (bound.equals(Position.START)) {
            return new LogSlice(List.of(), bound, true);
        }
        Walk walk = beginBackwards(read);
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
        LogRead bounded = read.maxEvents() > MOST
                ? new LogRead(read.direction(), read.bound(), read.filter(), MOST, read.maxBytes())
                : read;
        Fetched<LogPage> fetched =
                calls.readAll(options.maxCount(LogPage.most(bounded)), () -> new LogPage(bounded, from));
        return Walk.of(fetched);
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
