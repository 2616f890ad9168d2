package dev.polylog.dynamodb;

import dev.polylog.CorruptEvent;
import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How an event lies in its item: a map that people and other consumers can read. Stateless and thread-safe. */
final class StoredEvent {

    private StoredEvent() {}

    static AttributeValue encode(EventData event) {
        Map<String, AttributeValue> map = new HashMap<>();
        map.put(DynamoLayout.EVENT_ID, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(bytes(event.id()))));
        map.put(DynamoLayout.EVENT_TYPE, AttributeValue.fromS(event.type()));
        map.put(DynamoLayout.EVENT_CONTENT, AttributeValue.fromS(event.contentType()));
        if (event.payload().size() > 0) {
            map.put(
                    DynamoLayout.EVENT_DATA,
                    AttributeValue.fromB(
                            SdkBytes.fromByteArrayUnsafe(event.payload().toByteArray())));
        }
        if (!event.metadata().isEmpty()) {
            map.put(
                    DynamoLayout.EVENT_METADATA,
                    AttributeValue.fromS(new String(event.metadata().toJson(), StandardCharsets.UTF_8)));
        }
        return AttributeValue.fromM(map);
    }

    static EventData decode(Key key, Map<String, AttributeValue> map) {
        AttributeValue data = map.get(DynamoLayout.EVENT_DATA);
        AttributeValue metadata = map.get(DynamoLayout.EVENT_METADATA);
        try {
            return new EventData(
                    uuid(DynamoLayout.present(map.get(DynamoLayout.EVENT_ID), map, DynamoLayout.EVENT_ID)
                            .b()
                            .asByteBuffer()),
                    DynamoLayout.text(map, DynamoLayout.EVENT_TYPE),
                    DynamoLayout.text(map, DynamoLayout.EVENT_CONTENT),
                    data == null ? Payload.empty() : Payload.of(data.b().asByteArrayUnsafe()),
                    metadata == null
                            ? Metadata.empty()
                            : Metadata.ofJson(metadata.s().getBytes(StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new CorruptEvent("an event in the item " + key + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static UUID uuid(ByteBuffer bytes) {
        if (bytes.remaining() != 2 * Long.BYTES) {
            throw new IllegalArgumentException("its id has " + bytes.remaining() + " bytes, expected 16");
        }
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
