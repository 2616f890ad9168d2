package dev.polylog.kafka;

import dev.polylog.StreamId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The versions of the streams that were used last, so that most decisions need no look into the files. Holds up to
 * {@value #MOST} streams. For the thread that applies records.
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

    long version(StreamId stream) {
        Long known = versions.get(stream);
        if (known == null) {
            known = rows.version(stream);
            versions.put(stream, known);
        }
        return known;
    }

    void grown(StreamId stream, long version) {
        versions.put(stream, version);
    }
}
