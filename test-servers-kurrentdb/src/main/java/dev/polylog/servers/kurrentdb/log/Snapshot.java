package dev.polylog.servers.kurrentdb.log;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The log as readers see it at one moment: everything below one position.
 *
 * <p>Immutable in what it shows, and thread-safe.
 */
public final class Snapshot {

    /** How many events the server looks at in one step. */
    public static final int PAGE = 32;

    private final Object lock;
    private final Streams streams;
    private final long end;
    private final long nowTicks;

    Snapshot(Object lock, Streams streams, long end, long nowTicks) {
        this.lock = lock;
        this.streams = streams;
        this.end = end;
        this.nowTicks = nowTicks;
    }

    /**
     * Where the log ends: greater than the position of every event that is shown.
     *
     * @return the position after the last event
     */
    public long end() {
        return end;
    }

    /**
     * Whether a stream was ended for good.
     *
     * @param stream the stream
     * @return true for a tombstoned stream, and for the metadata of one
     */
    public boolean isTombstoned(String stream) {
        synchronized (lock) {
            return streams.isTombstoned(stream, end);
        }
    }

    /**
     * The record that ended a stream.
     *
     * @param stream the stream
     * @return the record, or null where the stream itself has none
     */
    public @Nullable LogRecord tombstone(String stream) {
        synchronized (lock) {
            return streams.tombstone(stream, end);
        }
    }

    /**
     * Whether reads of a stream answer that it does not exist: it was never written, or was deleted.
     *
     * @param stream the stream
     * @return true where there is no such stream
     */
    public boolean isMissing(String stream) {
        synchronized (lock) {
            return streams.last(stream, end) < 0
                    || streams.retention(stream, end).isDeleted();
        }
    }

    /**
     * The revision of a stream's last event.
     *
     * @param stream the stream
     * @return the revision, -1 where there is none
     */
    public long last(String stream) {
        synchronized (lock) {
            return streams.last(stream, end);
        }
    }

    /**
     * The first revision of a stream, not below another, that is shown.
     *
     * @param stream the stream
     * @param from where to begin
     * @return the revision; one above the last where nothing follows
     */
    public long firstShown(String stream, long from) {
        synchronized (lock) {
            long last = streams.last(stream, end);
            Retention retention = streams.retention(stream, end);
            long first = Math.max(from, retention.firstShown(last));
            for (LogRecord event = streams.at(stream, first);
                    event != null && first <= last && retention.isTooOld(event, nowTicks);
                    event = streams.at(stream, first)) {
                first++;
            }
            return Math.min(first, last + 1);
        }
    }

    /**
     * A page of a stream in ascending order.
     *
     * @param stream the stream
     * @param from the first revision, itself included
     * @param most the most events
     * @return the events that are shown
     */
    public List<LogRecord> forwards(String stream, long from, int most) {
        synchronized (lock) {
            long first = firstShown(stream, from);
            long last = Math.min(streams.last(stream, end), first + most - 1);
            List<LogRecord> page = new ArrayList<>();
            for (long revision = first; revision <= last; revision++) {
                add(page, streams.at(stream, revision));
            }
            return page;
        }
    }

    /**
     * A page of a stream in descending order.
     *
     * @param stream the stream
     * @param from the first revision, itself included; beyond the end the last
     * @param most the most events
     * @return the events that are shown
     */
    public List<LogRecord> backwards(String stream, long from, int most) {
        synchronized (lock) {
            long first = firstShown(stream, 0);
            List<LogRecord> page = new ArrayList<>();
            long revision = Math.min(from, streams.last(stream, end));
            while (revision >= first && page.size() < most) {
                add(page, streams.at(stream, revision--));
            }
            return page;
        }
    }

    private static void add(List<LogRecord> page, @Nullable LogRecord event) {
        if (event != null) {
            page.add(event);
        }
    }

    /**
     * Any event of a stream, also one that is hidden: what a link points to must be shown, so ask for that apart.
     *
     * @param stream the stream
     * @param revision its revision
     * @return the event, or null where there is none or it is hidden
     */
    public @Nullable LogRecord shownAt(String stream, long revision) {
        synchronized (lock) {
            boolean shown = revision >= 0
                    && revision <= streams.last(stream, end)
                    && !isMissing(stream)
                    && revision >= firstShown(stream, 0);
            return shown ? streams.at(stream, revision) : null;
        }
    }

    /**
     * Whether a read may begin at a position: the start, the place of an event, or anywhere beyond the end.
     *
     * @param position the position, unsigned
     * @return false for a position inside of a record
     */
    public boolean isBoundary(long position) {
        synchronized (lock) {
            LogRecord there = streams.get(streams.indexOf(position));
            return position == 0
                    || Long.compareUnsigned(position, end) >= 0
                    || (there != null && there.position() == position);
        }
    }

    /**
     * A page of everything in ascending order.
     *
     * @param from the first position, itself included
     * @param most the most events to look at
     * @param wanted which events; the others are looked at and left out
     * @return the events and how far they reach
     */
    public AllPage forwards(long from, int most, Predicate<LogRecord> wanted) {
        synchronized (lock) {
            List<LogRecord> page = new ArrayList<>();
            int index = streams.indexOf(from);
            int looked = 0;
            long upTo = from;
            while (looked < most) {
                LogRecord event = streams.get(index);
                if (event == null || event.position() >= end) {
                    return new AllPage(page, looked, upTo, true);
                }
                upTo = event.position();
                looked++;
                index++;
                if (wanted.test(event)) {
                    page.add(event);
                }
            }
            LogRecord next = streams.get(index);
            return new AllPage(page, looked, upTo, next == null || next.position() >= end);
        }
    }

    /**
     * A page of everything in descending order.
     *
     * @param from the position to begin below, itself excluded
     * @param most the most events to look at
     * @param wanted which events; the others are looked at and left out
     * @return the events and how far they reach
     */
    public AllPage backwards(long from, int most, Predicate<LogRecord> wanted) {
        synchronized (lock) {
            long bound = Long.compareUnsigned(from, end) > 0 ? end : from;
            List<LogRecord> page = new ArrayList<>();
            int index = streams.indexOf(bound) - 1;
            long upTo = bound;
            for (int looked = 0; looked < most; looked++) {
                LogRecord event = streams.get(index);
                if (event == null) {
                    return new AllPage(page, looked, upTo, true);
                }
                upTo = event.position();
                index--;
                if (wanted.test(event)) {
                    page.add(event);
                }
            }
            return new AllPage(page, most, upTo, index < 0);
        }
    }

    /**
     * A page of everything.
     *
     * @param events what was wanted
     * @param looked how many events were looked at
     * @param upTo the position of the last of them
     * @param atEnd whether nothing lies beyond
     */
    public record AllPage(List<LogRecord> events, int looked, long upTo, boolean atEnd) {}
}
