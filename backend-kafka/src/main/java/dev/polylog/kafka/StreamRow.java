package dev.polylog.kafka;

import dev.polylog.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What one append wrote to a stream, as the view's index keeps it: offset of the record (8), index of the first event in it
 * (4), and the events' ids (16 each).
 *
 * <p>Immutable and thread-safe.
 *
 * @param firstVersion the version of the first event
 * @param first where the first event stands; the others follow it
 * @param ids the events' ids
 */
record StreamRow(long firstVersion, Position first, List<UUID> ids) {

    private static final int FIXED = 12;

    static StreamRow of(long firstVersion, byte[] row) {
        List<UUID> ids = new ArrayList<>();
        for (int at = FIXED; at < row.length; at += 16) {
            ids.add(EventCodec.id(row, at));
        }
        return new StreamRow(firstVersion, new Position(ByteSource.number8(row, 0), ByteSource.number4(row, 8)), ids);
    }

    byte[] bytes() {
        byte[] row = new byte[FIXED + 16 * ids.size()];
        ByteSink.number8(row, 0, first.high());
        ByteSink.number4(row, 8, (int) first.low());
        int at = FIXED;
        for (UUID id : ids) {
            ByteSink.number8(row, at, id.getMostSignificantBits());
            ByteSink.number8(row, at + 8, id.getLeastSignificantBits());
            at += 16;
        }
        return row;
    }

    long lastVersion() {
        return firstVersion + ids.size() - 1;
    }

    Position position(long version) {
        return new Position(first.high(), first.low() + version - firstVersion);
    }

    /** The ids of those of its events that are among so many versions from a first one on. */
    List<UUID> ids(long from, int count) {
        int begin = (int) Math.max(0, from - firstVersion);
        int end = (int) Math.min(ids.size(), from + count - firstVersion);
        return begin < end ? ids.subList(begin, end) : List.of();
    }
}
