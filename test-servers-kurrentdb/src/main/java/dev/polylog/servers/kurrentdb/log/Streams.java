package dev.polylog.servers.kurrentdb.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was written, by position and by stream. What was added last may not be shown yet: each question says up
 * to which position it looks. For one thread at a time.
 */
final class Streams {

    private final List<LogRecord> log = new ArrayList<>();
    private final Map<String, Stream> streams = new HashMap<>();

    void add(LogRecord event) {
        log.add(event);
        streams.computeIfAbsent(event.stream(), name -> new Stream()).add(event);
    }

    private @Nullable Stream of(String stream) {
        return streams.get(stream);
    }

    /** The revision of a stream's last event below a position, -1 where there is none. */
    long last(String stream, long end) {
        Stream found = of(stream);
        return found == null ? -1 : found.lastBefore(end);
    }

    @Nullable
    LogRecord at(String stream, long revision) {
        Stream found = of(stream);
        return found == null ? null : found.at(revision);
    }

    @Nullable
    LogRecord tombstone(String stream, long end) {
        Stream found = of(stream);
        return found == null ? null : found.tombstoneBefore(end);
    }

    /** A stream of metadata ends with the stream that it is about. */
    boolean isTombstoned(String stream, long end) {
        Stream found = of(stream);
        return (found != null && found.tombstoneBefore(end) != null)
                || (stream.startsWith("$$") && isTombstoned(stream.substring(2), end));
    }

    boolean hasMetadata(String stream, long end) {
        return last("$$" + stream, end) >= 0;
    }

    /** The retention of a stream; a stream of metadata shows its last event only. */
    Retention retention(String stream, long end) {
        if (stream.startsWith("$$")) {
            return Retention.LAST_ONLY;
        }
        LogRecord metadata = at("$$" + stream, last("$$" + stream, end));
        return metadata == null || !metadata.type().equals(LogRecord.METADATA_TYPE)
                ? Retention.NONE
                : Retention.parse(metadata.data());
    }

    /** Where in the log the first event at or above a position is. */
    int indexOf(long position) {
        int found =
                Collections.binarySearch(log, position, (a, b) -> Long.compareUnsigned(positionOf(a), positionOf(b)));
        return found < 0 ? -found - 1 : found;
    }

    private static long positionOf(Object recordOrPosition) {
        return recordOrPosition instanceof LogRecord event ? event.position() : (Long) recordOrPosition;
    }

    /** The event at an index of the log, or null beyond its end. */
    @Nullable
    LogRecord get(int index) {
        return index < 0 || index >= log.size() ? null : log.get(index);
    }

    /** What the check of an append looks at: everything, shown or not. */
    CommitCheck.View view(String stream, IdCache ids) {
        return new CommitCheck.View() {
            @Override
            public long last() {
                return Streams.this.last(stream, Long.MAX_VALUE);
            }

            @Override
            public boolean isTombstoned() {
                return Streams.this.isTombstoned(stream, Long.MAX_VALUE);
            }

            @Override
            public boolean isSoftDeleted() {
                return retention(stream, Long.MAX_VALUE).isDeleted();
            }

            @Override
            public boolean hasMetadata() {
                return Streams.this.hasMetadata(stream, Long.MAX_VALUE);
            }

            @Override
            public @Nullable UUID idAt(long revision) {
                LogRecord there = at(stream, revision);
                return there == null ? null : there.id();
            }

            @Override
            public @Nullable Long cached(UUID id) {
                IdCache.Place place = ids.find(id, stream);
                return place == null ? null : place.revision();
            }
        };
    }
}
