package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.support.EventSizes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Cuts a group where one call of {@code append_group} must not hold all of it: no call carries more bytes than a
 * connection should be busy with, except for a single append, and none has the same event twice for the same stream, so
 * that the function finds repeats in the table alone.
 *
 * <p>Stateless and thread-safe.
 */
final class PostgresChunks {

    private static final long MOST_BYTES = 8L << 20;

    private PostgresChunks() {}

    private record Place(StreamId stream, UUID event) {}

    static List<List<AppendCommand>> cut(List<AppendCommand> group) {
        if (group.size() == 1) {
            return List.of(group);
        }
        List<List<AppendCommand>> parts = new ArrayList<>();
        List<AppendCommand> part = new ArrayList<>();
        Set<Place> places = new HashSet<>();
        long bytes = 0;
        for (AppendCommand member : group) {
            List<Place> own = new ArrayList<>();
            long size = 0;
            for (StreamWrite write : member.writes()) {
                for (EventData event : write.events()) {
                    own.add(new Place(write.stream(), event.id()));
                    size += EventSizes.of(event);
                }
            }
            boolean again = own.stream().anyMatch(places::contains);
            if (!part.isEmpty() && (again || bytes + size > MOST_BYTES)) {
                parts.add(part);
                part = new ArrayList<>();
                places.clear();
                bytes = 0;
            }
            part.add(member);
            places.addAll(own);
            bytes += size;
        }
        parts.add(part);
        return parts;
    }
}
