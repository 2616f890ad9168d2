package dev.polylog.cli.transfer;

import dev.polylog.StreamId;
import java.util.HashMap;
import java.util.Map;

/**
 * How many events each stream has had so far. This is what bounds the memory of imports: some 150 bytes a stream. For
 * one thread.
 */
final class Versions {

    private final Map<StreamId, Long> counts = new HashMap<>();

    /** The version of the stream's last event so far, 0 where it has had none. */
    long of(StreamId stream) {
        return counts.getOrDefault(stream, 0L);
    }

    /** Counts one event more, and gives its version. */
    long next(StreamId stream) {
        return counts.merge(stream, 1L, Long::sum);
    }

    int streams() {
        return counts.size();
    }
}
