package dev.polylog.kafka;

import dev.polylog.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the streams that were used last, so that most decisions need no look into the files. Holds up to
 * {@value #MOST} streams.
 *
 * <p>It may be ahead of the files: it holds what was decided. Only the thread that applies records changes it; any may look.
 * Thread-safe.
 */
final class StreamHeads {

    private static final int MOST = 20_000;

    private final ViewRows rows;
    private final Map<StreamId, Long> versions = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MOST;
        }
    };

    StreamHeads(ViewRows rows) {
        this.rows = rows;
    }

    /** A stream's version, for the thread that applies records. */
    synchronized long version(StreamId stream) {
        Long known = versions.get(stream);
        if (known == null) {
            known = rows.version(stream);
            versions.put(stream, known);
        }
        return known;
    }

    /** A stream's version as it was decided last; null where it is not at hand. */
    synchronized @Nullable Long known(StreamId stream) {
        return versions.get(stream);
    }

    /** The thread that applies records has decided that a stream has grown. */
    synchronized void grown(StreamId stream, long version) {
        versions.put(stream, version);
    }
}
