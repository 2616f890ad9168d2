package dev.polylog.memory;

import dev.polylog.RecordedEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of one stream; guarded by its log's lock. */
final class MemoryStream {

    static final MemoryStream EMPTY = new MemoryStream();

    /** Up to this length a search walks the list; beyond it there is an index. */
    private static final int INDEX_FROM = 16;

    private final List<RecordedEvent> events = new ArrayList<>(2);
    private @Nullable Map<UUID, Long> versions;

    long version() {
        return events.size();
    }

    RecordedEvent event(long version) {
        return events.get((int) version - 1);
    }

    void add(RecordedEvent event) {
        events.add(event);
        if (versions != null) {
            versions.putIfAbsent(event.id(), event.version());
        }
    }

    void removeLast() {
        events.remove(events.size() - 1);
        versions = null;
    }

    List<UUID> ids(long firstVersion, int count) {
        int from = (int) Math.min(firstVersion - 1, events.size());
        int to = Math.min(from + count, events.size());
        return events.subList(from, to).stream().map(RecordedEvent::id).toList();
    }

    /** The first version at which an event stands, 0 where there is none. */
    long find(UUID id) {
        if (events.size() < INDEX_FROM) {
            for (RecordedEvent event : events) {
                if (event.id().equals(id)) {
                    return event.version();
                }
            }
            return 0;
        }
        Map<UUID, Long> index = versions;
        if (index == null) {
            index = new HashMap<>();
            for (RecordedEvent event : events) {
                index.putIfAbsent(event.id(), event.version());
            }
            versions = index;
        }
        return index.getOrDefault(id, 0L);
    }
}
