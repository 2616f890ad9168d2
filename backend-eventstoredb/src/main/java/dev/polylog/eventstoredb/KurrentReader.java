package dev.polylog.eventstoredb;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Page;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.EventSizes;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import java.util.ArrayList;
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

    /** How many events are looked at for a filtered page: few of them may pass. */
    private static final int FILTERED = 1_024;

    private final KurrentCalls calls;
    private final KurrentAnchors anchors;
    private final Barren barren = new Barren();

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
            Fetched<PageBytes> fetched =
                    calls.readStream(read.stream().name(), options, () -> new PageBytes(read.maxBytes()));
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
        try {
            return read.direction() == Direction.FORWARDS ? forwards(read) : backwards(read);
        } catch (Failed e) {
            throw calls.known("reading everything", e);
        }
    }

    private LogSlice forwards(LogRead read) throws Failed {
        Position bound = read.bound();
        Position start = barren.from(bound);
        Walk walk = begin(read, start);
        while (walk.goesOn()) {
            walk = page(
                    read, ReadAllOptions.get().forwards().fromPosition(KurrentAnchors.sent(walk.seen())), walk.seen());
        }
        if (!walk.page().found) {
            // Nothing but what is no event: the next read need not look at it again.
            barren.remember(bound, walk.seen());
            return new LogSlice(List.of(), bound, true);
        }
        return new LogSlice(walk.page().bytes.events(), walk.page().lookedUpTo, !walk.more());
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
                ? new Walk(new AllPage(read, 1, start), false)
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
        return new LogSlice(walk.page().bytes.events(), walk.page().lookedUpTo, !walk.more());
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

    /** One read of the server; forwards it begins with the bound itself, which is passed over. */
    private Walk page(LogRead read, ReadAllOptions options, Position from) throws Failed {
        int wanted = Math.min(read.maxEvents(), MOST);
        int most = (read.filter().isAll() ? wanted : Math.max(wanted, FILTERED)) + 1;
        Fetched<AllPage> fetched = calls.readAll(options.maxCount(most), () -> new AllPage(read, wanted, from));
        return new Walk(fetched.page(), fetched.broken() || fetched.page().looked >= most);
    }

    /** A page, and whether more lies beyond it. */
    private record Walk(AllPage page, boolean more) {

        /** A page without any event of the log says nothing, unless it is the last one. */
        boolean goesOn() {
            return more && !page.found && !page.seen.equals(page.from);
        }

        Position seen() {
            return page.seen;
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

    /** Decodes events until their bytes reach a bound. */
    private static final class PageBytes implements Page {

        private final long most;
        private final List<RecordedEvent> events = new ArrayList<>();
        private long bytes;

        PageBytes(long most) {
            this.most = most;
        }

        @Override
        public boolean add(io.kurrent.dbclient.RecordedEvent event) {
            RecordedEvent decoded = KurrentEvents.decode(event);
            events.add(decoded);
            bytes += EventSizes.of(decoded);
            return bytes >= most;
        }

        List<RecordedEvent> events() {
            return events;
        }
    }

    /**
     * Takes the log's events that pass the filter, until there are enough. How far was looked is told by events of the
     * log only: what stands behind the last one is no part of it.
     */
    private static final class AllPage implements Page {

        private final LogRead read;
        private final int wanted;
        private final Position from;
        private final PageBytes bytes;
        private Position lookedUpTo;
        private Position seen;
        private boolean found;
        private int looked;

        AllPage(LogRead read, int wanted, Position from) {
            this.read = read;
            this.wanted = wanted;
            this.from = from;
            this.bytes = new PageBytes(read.maxBytes());
            this.lookedUpTo = read.bound();
            this.seen = from;
        }

        @Override
        public boolean add(io.kurrent.dbclient.RecordedEvent event) {
            looked++;
            seen = KurrentEvents.position(event.getPosition());
            Position bound = read.bound();
            boolean beyond = read.direction() == Direction.FORWARDS ? seen.isAfter(bound) : bound.isAfter(seen);
            if (!beyond || !KurrentLayout.isEvent(event)) {
                return false;
            }
            found = true;
            lookedUpTo = seen;
            return passes(event) && (bytes.add(event) || bytes.events().size() == wanted);
        }

        /** Our type may stand in the metadata; the stream is what it is. */
        private boolean passes(io.kurrent.dbclient.RecordedEvent event) {
            if (read.filter().isAll()) {
                return true;
            }
            RecordedEvent decoded = KurrentEvents.decode(event);
            return read.filter().matches(decoded.stream(), decoded.type());
        }
    }
}
