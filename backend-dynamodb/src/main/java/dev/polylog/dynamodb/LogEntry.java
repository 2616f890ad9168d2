package dev.polylog.dynamodb;

import dev.polylog.StreamId;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One item of a stream, as its group names it.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream
 * @param version the version of the first event in the item
 * @param count how many events the item holds
 */
record LogEntry(StreamId stream, long version, int count) {

    Key key() {
        return DynamoLayout.streamItem(stream, version);
    }

    AttributeValue attribute() {
        return AttributeValue.fromM(Map.of(
                DynamoLayout.ENTRY_STREAM,
                AttributeValue.fromS(stream.name()),
                DynamoLayout.ENTRY_VERSION,
                DynamoLayout.number(version),
                DynamoLayout.ENTRY_COUNT,
                DynamoLayout.number(count)));
    }

    static LogEntry of(Map<String, AttributeValue> map) {
        return new LogEntry(
                StreamId.of(DynamoLayout.text(map, DynamoLayout.ENTRY_STREAM)),
                DynamoLayout.number(map, DynamoLayout.ENTRY_VERSION),
                (int) DynamoLayout.number(map, DynamoLayout.ENTRY_COUNT));
    }
}
