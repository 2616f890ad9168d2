package dev.polylog.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How a stream ends: its version, and the ids of its last events, as many as are known.
 *
 * <p>Immutable and thread-safe.
 *
 * @param version the stream's version
 * @param group the group that wrote the last event, 0 where there is none
 * @param ids the ids of the last events, in the order of versions
 */
record StreamEnd(long version, long group, List<UUID> ids) {

    private static final int MOST_REMEMBERED = 64;

    /** A stream without events. */
    static final StreamEnd NONE = new StreamEnd(0, 0, List.of());

    StreamEnd {
        ids = List.copyOf(ids);
    }

    static StreamEnd of(DynamoStreams.End end) {
        return end.item() == null
                ? NONE
                : new StreamEnd(end.version(), end.item().group(), end.item().ids());
    }

    /** From which version on the ids are known. */
    long knownFrom() {
        return version - ids.size() + 1;
    }

    StreamEnd plus(List<UUID> more) {
        List<UUID> all = new ArrayList<>(ids);
        all.addAll(more);
        return new StreamEnd(version + more.size(), group, all);
    }

    /** The same, written by a group. */
    StreamEnd writtenBy(long number) {
        return new StreamEnd(version, number, ids);
    }

    /** The same with as many ids as are worth their memory. */
    StreamEnd trimmed() {
        return ids.size() <= MOST_REMEMBERED
                ? this
                : new StreamEnd(version, group, ids.subList(ids.size() - MOST_REMEMBERED, ids.size()));
    }
}
