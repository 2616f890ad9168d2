package dev.polylog.eventstoredb;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.eventstoredb.KurrentFetch.Page;
import dev.polylog.spi.LogRead;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the log's events that pass the filter, until there are enough. How far was looked is told by events of the log
 * only: what stands behind the last one is no part of it.
 *
 * <p>For one thread at a time.
 */
final class LogPage implements Page {

    /** How many events are looked at for a filtered page: few of them may pass. */
    private static final int FILTERED = 1_024;

    private final LogRead read;
    private final int most;
    private final Bounded taken;
    private Position lookedUpTo;
    private Position seen;
    private boolean found;
    private int looked;

    /**
     * A page of what a call shows.
     *
     * @param from where the call begins
     */
    LogPage(LogRead read, Position from) {
        this.read = read;
        this.most = most(read);
        this.taken = new Bounded(read.maxBytes());
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
        // Decoded before it is filtered: our type may stand in the metadata.
        RecordedEvent decoded = KurrentEvents.decode(event, seen, taken.metadata);
        if (!read.filter().matches(decoded.stream(), decoded.type())) {
            return false;
        }
        taken.add(event, decoded);
        // A read that has shown all that it was asked for ends by itself.
        return (taken.isFull() || taken.events().size() == read.maxEvents()) && looked < most;
    }

    /** How many events of whatever kind are looked at for a page. */
    static int looked(LogRead read) {
        return read.filter().isAll() ? read.maxEvents() : Math.max(read.maxEvents(), FILTERED);
    }

    /** How many events a call is to show: forwards it begins with the event at its bound itself, which is passed over. */
    static int most(LogRead read) {
        return looked(read) + (read.direction() == Direction.FORWARDS ? 1 : 0);
    }

    /** How many it has shown. */
    int looked() {
        return looked;
    }

    long bytes() {
        return taken.bytes;
    }

    List<RecordedEvent> events() {
        return taken.events();
    }

    /** The last event of the log that was looked at; where there was none, the read's bound. */
    Position lookedUpTo() {
        return lookedUpTo;
    }

    /** Whether there was an event of the log, wanted or not. */
    boolean hasFound() {
        return found;
    }

    /** Whether the server has shown as many as it was asked for: there may be more. */
    boolean isFull() {
        return looked >= most;
    }

    /** The last event that the server showed, of whatever kind. */
    Position seen() {
        return seen;
    }

    /** Decodes events until their bytes reach a bound. */
    static final class Bounded implements Page {

        private final long most;
        private final List<RecordedEvent> events = new ArrayList<>();
        private final KurrentMetadata.Reader metadata = new KurrentMetadata.Reader();
        private long bytes;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public boolean add(io.kurrent.dbclient.RecordedEvent event) {
            add(event, KurrentEvents.decode(event, metadata));
            return isFull();
        }

        private void add(io.kurrent.dbclient.RecordedEvent event, RecordedEvent decoded) {
            events.add(decoded);
            bytes += event.getEventData().length + (long) event.getUserMetadata().length;
        }

        private boolean isFull() {
            return bytes >= most;
        }

        List<RecordedEvent> events() {
            return events;
        }
    }
}
