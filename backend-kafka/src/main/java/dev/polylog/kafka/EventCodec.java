package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.kafka.LogEntry.Slice;
import java.util.UUID;

/**
 * Between events and their bytes, the same in the topic and in the view: id, type, content type, metadata as JSON behind
 * its length in four bytes, payload to the end.
 *
 * <p>Stateless and thread-safe.
 */
final class EventCodec {

    private static final int ID = 16;
    private static final String NO_METADATA = "metadata is not a JSON object of texts";

    private EventCodec() {}

    static void write(ByteSink sink, EventData event) {
        sink.id(event.id());
        sink.text(event.type());
        sink.text(event.contentType());
        byte[] metadata = event.metadata().toJson();
        sink.number4(metadata.length);
        sink.bytes(metadata, 0, metadata.length);
        sink.bytes(event.payload().asByteBuffer());
    }

    /** Makes sure that the event can be read, and returns it with its id only. */
    static EventData checked(Slice event) throws MalformedRecord {
        ByteSource source = new ByteSource(event.bytes(), event.from(), event.from() + event.length());
        UUID id = source.id();
        source.name();
        source.name();
        Slice metadata = source.slice(source.number4());
        if (!Metadata.isJson(metadata.bytes(), metadata.from(), metadata.length())) {
            throw new MalformedRecord(NO_METADATA);
        }
        return new EventData(id, "", "", Payload.empty(), Metadata.empty());
    }

    static EventData read(byte[] bytes, int from, int to) throws MalformedRecord {
        ByteSource source = new ByteSource(bytes, from, to);
        UUID id = source.id();
        String type = source.name();
        String contentType = source.name();
        Metadata metadata = metadata(source.slice(source.number4()));
        Slice payload = source.rest();
        return new EventData(
                id, type, contentType, Payload.of(payload.bytes(), payload.from(), payload.length()), metadata);
    }

    static UUID id(byte[] bytes, int from) {
        return new UUID(ByteSource.number8(bytes, from), ByteSource.number8(bytes, from + 8));
    }

    /** The type alone, which follows the id. */
    static String type(byte[] bytes, int from) throws MalformedRecord {
        return new ByteSource(bytes, from + ID, bytes.length).name();
    }

    private static Metadata metadata(Slice json) throws MalformedRecord {
        try {
            return Metadata.ofJson(json.bytes(), json.from(), json.length());
        } catch (IllegalArgumentException e) {
            throw new MalformedRecord(NO_METADATA);
        }
    }
}
