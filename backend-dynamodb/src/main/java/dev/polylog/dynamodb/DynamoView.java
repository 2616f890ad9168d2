package dev.polylog.dynamodb;

import dev.polylog.StreamId;
import dev.polylog.spi.support.AppendRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * What streams hold, as one append is decided: first what the group that is being made will have written, then what is
 * remembered or read. Confined to one thread.
 */
final class DynamoView implements AppendRules.StreamView {

    private final Map<StreamId, StreamEnd> inGroup;
    private final Function<StreamId, StreamEnd> ends;
    private final DynamoStreamReader reader;
    private final Map<StreamId, StreamEnd> looked = new HashMap<>();
    private boolean touchedGroup;

    /**
     * A view.
     *
     * @param inGroup how streams end that the group writes
     * @param ends how other streams end
     * @param reader reads ids that the ends do not hold
     */
    DynamoView(Map<StreamId, StreamEnd> inGroup, Function<StreamId, StreamEnd> ends, DynamoStreamReader reader) {
        this.inGroup = inGroup;
        this.ends = ends;
        this.reader = reader;
    }

    /** Whether the decision depends on what the group will write. */
    boolean touchedGroup() {
        return touchedGroup;
    }

    /** How a stream ends. */
    StreamEnd end(StreamId stream) {
        StreamEnd pending = inGroup.get(stream);
        if (pending != null) {
            touchedGroup = true;
            return pending;
        }
        return looked.computeIfAbsent(stream, ends);
    }

    @Override
    public long version(StreamId stream) {
        return end(stream).version();
    }

    @Override
    public List<UUID> ids(StreamId stream, long firstVersion, int count) {
        StreamEnd end = end(stream);
        long last = Math.min(end.version(), firstVersion + count - 1);
        List<UUID> ids = new ArrayList<>();
        long unknown = Math.min(last, end.knownFrom() - 1) - firstVersion + 1;
        if (unknown > 0) {
            reader.committed(stream, firstVersion, (int) unknown).forEach(event -> ids.add(event.id()));
            if (ids.size() < unknown) {
                return ids;
            }
        }
        for (long next = firstVersion + Math.max(0, unknown); next <= last; next++) {
            ids.add(end.ids().get((int) (next - end.knownFrom())));
        }
        return ids;
    }
}
