package dev.polylog.spi.support;

import dev.polylog.Position;
import dev.polylog.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one handle was told so far, within a bound. Thread-safe. */
final class HandleMemory {

    private static final int MOST = 10_000;

    private final Map<StreamId, Long> versions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MOST;
        }
    };
    private Position acknowledged = Position.START;

    /** The greatest position that was acknowledged or shown by a status. */
    synchronized Position acknowledged() {
        return acknowledged;
    }

    synchronized void acknowledged(Position position) {
        acknowledged = position.isAfter(acknowledged) ? position : acknowledged;
    }

    /** A version that the stream has had; 0 where nothing is remembered. */
    synchronized long version(StreamId stream) {
        return versions.getOrDefault(stream, 0L);
    }

    synchronized void version(StreamId stream, long version) {
        versions.merge(stream, version, Math::max);
    }
}
