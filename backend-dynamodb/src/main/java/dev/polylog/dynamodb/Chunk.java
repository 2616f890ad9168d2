package dev.polylog.dynamodb;

import dev.polylog.CorruptEvent;
import dev.polylog.EventData;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand.StreamWrite;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * An item of a stream: the events of one append, or as many of them as fit.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream
 * @param version the version of the first event in this item
 * @param first the version at which the append begins
 * @param last the version at which the append ends
 * @param index the index of the first event in its group
 * @param events the events
 */
record Chunk(StreamId stream, long version, long first, long last, int index, List<EventData> events) {

    /** Below the 409,600 bytes that DynamoDB takes, with room for keys and numbers. */
    private static final int MOST_BYTES = 407_000;

    /** Cuts what an append writes to a stream into items. */
    static List<Chunk> cut(StreamWrite write, long first, int index) {
        long last = first + write.events().size() - 1;
        List<Chunk> chunks = new ArrayList<>();
        int begin = 0;
        int bytes = ItemSize.ofKeys(write.stream());
        for (int i = 0; i < write.events().size(); i++) {
            int more = ItemSize.of(write.events().get(i));
            if (i > begin && bytes + more > MOST_BYTES) {
                chunks.add(of(write, first, last, index, begin, i));
                begin = i;
                bytes = ItemSize.ofKeys(write.stream());
            }
            bytes += more;
        }
        chunks.add(of(write, first, last, index, begin, write.events().size()));
        return chunks;
    }

    private static Chunk of(StreamWrite write, long first, long last, int index, int begin, int end) {
        return new Chunk(
                write.stream(),
                first + begin,
                first,
                last,
                index + begin,
                write.events().subList(begin, end));
    }

    Key key() {
        return DynamoLayout.streamItem(stream, version);
    }

    /** The version of the last event in this item. */
    long end() {
        return version + events.size() - 1;
    }

    /** Whether the append ends in this item. */
    boolean isLast() {
        return end() == last;
    }

    /** How many bytes of an item DynamoDB counts. */
    int bytes() {
        int bytes = ItemSize.ofKeys(stream);
        for (EventData event : events) {
            bytes += ItemSize.of(event);
        }
        return bytes;
    }

    /** The item, as part of a group. */
    Map<String, AttributeValue> item(long group, Instant at) {
        Map<String, AttributeValue> item = new HashMap<>(key().attributes());
        item.put(DynamoLayout.GROUP, DynamoLayout.number(group));
        item.put(DynamoLayout.INDEX, DynamoLayout.number(index));
        item.put(DynamoLayout.AT, DynamoLayout.number(micros(at)));
        item.put(DynamoLayout.FIRST, DynamoLayout.number(first));
        item.put(DynamoLayout.LAST, DynamoLayout.number(last));
        item.put(
                DynamoLayout.EVENTS,
                AttributeValue.fromL(events.stream().map(StoredEvent::encode).toList()));
        return item;
    }

    /** What the log says of it. */
    LogEntry entry() {
        return new LogEntry(stream, version, events.size());
    }

    static long micros(Instant at) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, at);
    }

    /**
     * An item as it was read.
     *
     * <p>Immutable and thread-safe.
     *
     * @param chunk what it holds
     * @param group its group
     * @param at when it was written
     */
    record Stored(Chunk chunk, long group, Instant at) {

        /**
         * Reads an item of a stream.
         *
         * @throws CorruptEvent if it is none
         */
        static Stored of(Map<String, AttributeValue> item) {
            Key key = Key.of(item);
            StreamId stream = DynamoLayout.stream(key)
                    .orElseThrow(() -> new CorruptEvent("the item " + key + " is none of a stream", null));
            List<EventData> events = new ArrayList<>();
            for (AttributeValue event : DynamoLayout.present(item.get(DynamoLayout.EVENTS), item, DynamoLayout.EVENTS)
                    .l()) {
                events.add(StoredEvent.decode(key, event.m()));
            }
            Chunk chunk = new Chunk(
                    stream,
                    DynamoLayout.number(key.sort()),
                    DynamoLayout.number(item, DynamoLayout.FIRST),
                    DynamoLayout.number(item, DynamoLayout.LAST),
                    (int) DynamoLayout.number(item, DynamoLayout.INDEX),
                    List.copyOf(events));
            return new Stored(
                    chunk,
                    DynamoLayout.number(item, DynamoLayout.GROUP),
                    Instant.EPOCH.plus(DynamoLayout.number(item, DynamoLayout.AT), ChronoUnit.MICROS));
        }

        /** One of the events. */
        RecordedEvent event(long version) {
            int offset = (int) (version - chunk.version());
            return new RecordedEvent(
                    chunk.stream(),
                    version,
                    DynamoTail.position(group, chunk.index() + (long) offset),
                    at,
                    chunk.events().get(offset));
        }

        /** The ids of the events. */
        List<UUID> ids() {
            return chunk.events().stream().map(EventData::id).toList();
        }
    }
}
