package dev.polylog.kafka;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.kafka.LogEntry.Slice;
import dev.polylog.spi.AppendCommand;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An accepted append as the view's log keeps it: the broker's time (8), the first version of each write (8 each) behind their
 * number (2), and the body of its record.
 *
 * <p>Reading makes only those events that are asked for. Immutable and thread-safe.
 */
final class AppendRow {

    private static final int FIXED = 10;

    private final long offset;
    private final Instant time;
    private final byte[] bytes;
    private final List<Place> places;

    /** Where an event stands: of which stream, as which version, and from where to where in the row. */
    private record Place(StreamId stream, long version, int from, int to) {}

    private AppendRow(long offset, byte[] bytes, List<Place> places) {
        this.offset = offset;
        this.time = Instant.ofEpochMilli(ByteSource.number8(bytes, 0));
        this.bytes = bytes;
        this.places = places;
    }

    static byte[] bytes(long timestamp, AppendCommand command, Map<StreamId, Long> firstVersions, Slice body) {
        int writes = command.writes().size();
        int from = FIXED + 8 * writes;
        byte[] row = new byte[from + body.length()];
        ByteSink.number8(row, 0, timestamp);
        row[8] = (byte) (writes >>> 8);
        row[9] = (byte) writes;
        for (int i = 0; i < writes; i++) {
            StreamId stream = command.writes().get(i).stream();
            ByteSink.number8(row, FIXED + 8 * i, firstVersions.getOrDefault(stream, 0L));
        }
        System.arraycopy(body.bytes(), body.from(), row, from, body.length());
        return row;
    }

    static AppendRow of(long offset, byte[] row) {
        try {
            int writes = ((row[8] & 0xFF) << 8) + (row[9] & 0xFF);
            ByteSource source = new ByteSource(row, FIXED + 8 * writes, row.length);
            List<StreamId> streams = ProposalCodec.streams(source);
            List<Place> places = new ArrayList<>();
            if (source.number2() != writes) {
                throw new MalformedRecord("its writes are not as many as their versions");
            }
            for (int i = 0; i < writes; i++) {
                places(source, streams.get(source.number2()), ByteSource.number8(row, FIXED + 8 * i), places);
            }
            return new AppendRow(offset, row, places);
        } catch (MalformedRecord e) {
            throw damaged(e);
        }
    }

    private static void places(ByteSource source, StreamId stream, long firstVersion, List<Place> places)
            throws MalformedRecord {
        int count = source.number4();
        for (int i = 0; i < count; i++) {
            int length = source.number4();
            places.add(new Place(stream, firstVersion + i, source.at(), source.at() + length));
            source.skip(length);
        }
    }

    /** How many events there are. */
    int count() {
        return places.size();
    }

    Position position(int index) {
        return new Position(offset, index);
    }

    StreamId stream(int index) {
        return places.get(index).stream();
    }

    String type(int index) {
        try {
            return EventCodec.type(bytes, places.get(index).from());
        } catch (MalformedRecord e) {
            throw damaged(e);
        }
    }

    RecordedEvent event(int index) {
        Place place = places.get(index);
        try {
            return new RecordedEvent(
                    place.stream(),
                    place.version(),
                    position(index),
                    time,
                    EventCodec.read(bytes, place.from(), place.to()));
        } catch (MalformedRecord e) {
            throw damaged(e);
        }
    }

    private static StoreUnavailable damaged(MalformedRecord e) {
        return new StoreUnavailable("the view holds an append that cannot be read: " + e.reason(), e);
    }
}
