package dev.polylog.cli.transfer;

import dev.polylog.EventStore;
import dev.polylog.RecordedEvent;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Walks along a log for as long as it says what the file says: the quick way past all that an earlier run has stored. For
 * one thread.
 */
final class LogWalk {

    private final Iterator<RecordedEvent> log;
    private @Nullable RecordedEvent next;
    private boolean left;

    LogWalk(EventStore store) {
        this.log = store.readAll().iterator();
    }

    /** Whether the log's next event is the line's, content and all; then the walk moves past it. */
    boolean passes(ImportLine.Parsed line, long version) {
        if (left) {
            return false;
        }
        if (next == null && log.hasNext()) {
            next = log.next();
        }
        boolean same = next != null
                && next.stream().equals(line.stream())
                && next.version() == version
                && next.data().equals(line.event());
        if (same) {
            next = null;
        }
        return same;
    }

    /** Ends the walk: from here on the file goes its own way. */
    void leave() {
        left = true;
        next = null;
    }
}
