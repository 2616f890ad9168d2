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

    private final LogRead read;
    private final int wanted;
    private final int most;
    private final Bounded taken;
    private Position lookedUpTo;
    private Position seen;
    private boolean found;
    private int looked;

    /**
     * @param wanted how many events are enough
     * @param most how many the server shows
     * @param from where the server begins
     */
    LogPage(LogRead read, int wanted, int most, Position from) {
        this.read = read;
        this.wanted = wanted;
        this.most = most;
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
        // A read that has shown all that it was asked for ends by itself.
        return passes(event) && (taken.add(event) || taken.events().size() == wanted) && looked < most;
    }

    /** Our type may stand in the metadata; the stream is what it is. */
    private boolean passes(io.kurrent.dbclient.RecordedEvent event) {
        if (read.filter().isAll()) {
            return true;
        }
        RecordedEvent decoded = KurrentEvents.decode(event);
        return read.filter().matches(decoded.stream(), decoded.type());
    }

    /** How many events the server is to show. */
    int most() {
        return most;
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
        private long bytes;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public boolean add(io.kurrent.dbclient.RecordedEvent event) {
            events.add(KurrentEvents.decode(event));
            bytes += event.getEventData().length + (long) event.getUserMetadata().length;
            return bytes >= most;
        }

        List<RecordedEvent> events() {
            return events;
        }
    }
}
