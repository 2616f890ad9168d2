package dev.polylog.servers.kurrentdb.log;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which events were written lately, by id: what a server remembers in memory only. It has a budget of bytes, forgets the
 * oldest first, and is empty after a restart and on a new leader. An id keeps the first place that it was written to,
 * until it is forgotten. For one thread at a time.
 */
final class IdCache {

    /** The server's budget: 8 MiB. */
    static final long BUDGET_BYTES = 8L << 20;

    private static final int ENTRY_BYTES = 28;
    private static final int STRING_BYTES = 40;

    private final long budget;
    private final Map<UUID, Place> places = new HashMap<>();
    private final Queue<UUID> order = new ArrayDeque<>();
    private long used;

    /** Where an event was written. */
    record Place(String stream, long revision) {}

    IdCache(long budget) {
        this.budget = budget;
    }

    /** Where the event was written to this stream; null where that is not remembered, or it was another stream. */
    @Nullable
    Place find(UUID id, String stream) {
        Place place = places.get(id);
        return place != null && place.stream().equals(stream) ? place : null;
    }

    void written(UUID id, String stream, long revision) {
        if (places.putIfAbsent(id, new Place(stream, revision)) != null) {
            return;
        }
        order.add(id);
        used += cost(stream);
        while (used > budget) {
            UUID oldest = order.remove();
            Place gone = places.remove(oldest);
            used -= gone == null ? 0 : cost(gone.stream());
        }
    }

    void clear() {
        places.clear();
        order.clear();
        used = 0;
    }

    private static long cost(String stream) {
        return ENTRY_BYTES + STRING_BYTES + 2L * stream.length();
    }
}
