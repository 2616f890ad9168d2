package dev.polylog.dynamodb;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The key of an item.
 *
 * <p>Immutable and thread-safe.
 *
 * @param partition the partition key
 * @param sort the sort key
 */
record Key(String partition, String sort) {

    /** The key of an item that was read. */
    static Key of(Map<String, AttributeValue> item) {
        return new Key(
                DynamoLayout.text(item, DynamoLayout.PARTITION_KEY), DynamoLayout.text(item, DynamoLayout.SORT_KEY));
    }

    /** As DynamoDB takes it. */
    Map<String, AttributeValue> attributes() {
        return Map.of(
                DynamoLayout.PARTITION_KEY,
                AttributeValue.fromS(partition),
                DynamoLayout.SORT_KEY,
                AttributeValue.fromS(sort));
    }
}
