package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFetch.Fetched;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.RecordedEvent;
import java.util.List;

/**
 * Where the log's last event stands. Behind it there may be any number of system events and cells; they are passed over
 * from the end, and only those that came since the last look. Thread-safe.
 */
final class KurrentHead {

    private static final int FIRST_PAGE = 4;
    private static final int MOST_PAGE = 4_096;

    private final KurrentCalls calls;
    private Position lookedFrom = Position.START;
    private Position head = Position.START;

    KurrentHead(KurrentCalls calls) {
        this.calls = calls;
    }

    /** Asks the server. */
    Position find() throws Failed {
        Position knownFrom;
        Position knownHead;
        synchronized (this) {
            knownFrom = lookedFrom;
            knownHead = head;
        }
        Position from = Position.START;
        ReadAllOptions options = ReadAllOptions.get().backwards().fromEnd();
        for (int page = FIRST_PAGE; ; page = Math.min(MOST_PAGE, page * 8)) {
            Position known = knownFrom;
            Fetched<Raw> fetched =
                    calls.readAll(options.maxCount(page), () -> new Raw(event -> isEnough(event, known)));
            List<RecordedEvent> events = fetched.page().events();
            if (from.equals(Position.START) && !events.isEmpty()) {
                from = KurrentEvents.position(events.get(0).getPosition());
                if (known.isAfter(from)) {
                    // The log is shorter than it was: a backup, or another log at the same address.
                    forget();
                    return find();
                }
            }
            if (fetched.broken()) {
                Position position = KurrentEvents.position(last(events).getPosition());
                return remember(from, position.isAfter(known) ? position : knownHead);
            }
            if (events.size() < page) {
                return remember(from, Position.START);
            }
            options = ReadAllOptions.get().backwards().fromPosition(last(events).getPosition());
        }
    }

    private static RecordedEvent last(List<RecordedEvent> events) {
        return events.get(events.size() - 1);
    }

    private synchronized void forget() {
        lookedFrom = Position.START;
        head = Position.START;
    }

    private static boolean isEnough(RecordedEvent event, Position known) {
        return KurrentLayout.isEvent(event)
                || !KurrentEvents.position(event.getPosition()).isAfter(known);
    }

    private synchronized Position remember(Position from, Position found) {
        if (from.isAfter(lookedFrom)) {
            lookedFrom = from;
            head = found;
        }
        return found;
    }
}
