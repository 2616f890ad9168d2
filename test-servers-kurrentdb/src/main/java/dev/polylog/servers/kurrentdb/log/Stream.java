package dev.polylog.servers.kurrentdb.log;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one stream, revision by revision. For one thread at a time. */
final class Stream {

    private final List<LogRecord> events = new ArrayList<>();
    private @Nullable LogRecord tombstone;

    void add(LogRecord event) {
        if (event.isTombstone()) {
            tombstone = event;
        } else {
            events.add(event);
        }
    }

    /** The revision of the last event before a position, -1 where there is none. */
    long lastBefore(long position) {
        int last = events.size() - 1;
        while (last >= 0 && events.get(last).position() >= position) {
            last--;
        }
        return last;
    }

    /** The record that ended the stream, or null where none did below a position. */
    @Nullable
    LogRecord tombstoneBefore(long position) {
        return tombstone != null && tombstone.position() < position ? tombstone : null;
    }

    /** The event at a revision, or null where the stream ends before. */
    @Nullable
    LogRecord at(long revision) {
        return revision < 0 || revision >= events.size() ? null : events.get((int) revision);
    }
}
