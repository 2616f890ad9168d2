package dev.polylog.dynamodb;

import dev.polylog.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How streams ended when they were last seen or written here. Streams only grow, so a write behind a remembered end either
 * finds it unchanged or fails: what is remembered saves a read and never decides. Thread-safe.
 */
final class StreamMemory {

    private static final int MOST = 5_000;

    private final Map<StreamId, StreamEnd> ends = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, StreamEnd> eldest) {
            return size() > MOST;
        }
    };

    private long epoch;

    synchronized Optional<StreamEnd> get(StreamId stream) {
        return Optional.ofNullable(ends.get(stream));
    }

    synchronized void put(StreamId stream, StreamEnd end) {
        ends.put(stream, end.trimmed());
    }

    synchronized void forget(StreamId stream) {
        ends.remove(stream);
    }

    /** Forgets everything where the epoch is another one: then streams may have become shorter. */
    synchronized void begin(long now) {
        if (now != epoch) {
            ends.clear();
            epoch = now;
        }
    }
}
