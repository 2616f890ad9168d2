package dev.polylog.dynamodb;

import dev.polylog.StreamId;
import dev.polylog.dynamodb.Chunk.Stored;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The items of streams that were read last, so that pages that are smaller than an item do not fetch it again and again.
 *
 * <p>Within an epoch an item never changes and never goes; with another epoch all are forgotten. What is not here may be in
 * the table. Holds some 8 MB at most. Thread-safe.
 */
final class StoredItems {

    private static final long MOST_BYTES = 8_000_000;

    private final LinkedHashMap<Key, Stored> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<StreamId, NavigableMap<Long, Stored>> byStream = new HashMap<>();
    private long bytes;
    private long epoch;

    /** Notes items that were read in an epoch. */
    synchronized void put(long now, Collection<Stored> items) {
        begin(now);
        for (Stored item : items) {
            if (byUse.put(item.chunk().key(), item) == null) {
                byStream.computeIfAbsent(item.chunk().stream(), stream -> new TreeMap<>())
                        .put(item.chunk().version(), item);
                bytes += item.chunk().bytes();
            }
        }
        while (bytes > MOST_BYTES) {
            forget(byUse.values().iterator().next());
        }
    }

    private void forget(Stored eldest) {
        byUse.remove(eldest.chunk().key());
        byStream.computeIfPresent(eldest.chunk().stream(), (stream, items) -> {
            items.remove(eldest.chunk().version());
            return items.isEmpty() ? null : items;
        });
        bytes -= eldest.chunk().bytes();
    }

    private void begin(long now) {
        if (now != epoch) {
            byUse.clear();
            byStream.clear();
            bytes = 0;
            epoch = now;
        }
    }

    /** An item by its key. */
    synchronized Optional<Stored> get(long now, Key key) {
        begin(now);
        return Optional.ofNullable(byUse.get(key));
    }

    /** The item of a stream that holds a version. */
    synchronized Optional<Stored> covering(long now, StreamId stream, long version) {
        begin(now);
        return Optional.ofNullable(byStream.get(stream))
                .map(items -> items.floorEntry(version))
                .map(Map.Entry::getValue)
                .filter(item -> item.chunk().end() >= version)
                .flatMap(item -> get(now, item.chunk().key()));
    }

    /** The last of a stream's items that are known here; there may be later ones. */
    synchronized Optional<Stored> last(long now, StreamId stream) {
        begin(now);
        return Optional.ofNullable(byStream.get(stream))
                .map(items -> items.lastEntry().getValue())
                .flatMap(item -> get(now, item.chunk().key()));
    }
}
