package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** One user of the plain client. For one thread. */
final class DynamoSession implements Contender.Session {

    static final String STREAM = "PK";
    static final String VERSION = "version";

    private final DynamoDbClient client;
    private final String table;

    DynamoSession(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public boolean append(StreamId stream, long version, List<EventData> events) {
        List<TransactWriteItem> puts = new ArrayList<>();
        for (EventData event : events) {
            Map<String, AttributeValue> item = item(stream, version + puts.size() + 1, event);
            puts.add(TransactWriteItem.builder()
                    .put(Put.builder()
                            .tableName(table)
                            .item(item)
                            .conditionExpression("attribute_not_exists(" + STREAM + ")")
                            .build())
                    .build());
        }
        try {
            client.transactWriteItems(request -> request.transactItems(puts));
            return true;
        } catch (TransactionCanceledException e) {
            if (e.cancellationReasons().stream().anyMatch(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                return false;
            }
            throw e;
        }
    }

    private static Map<String, AttributeValue> item(StreamId stream, long version, EventData event) {
        return Map.of(
                STREAM,
                AttributeValue.fromS(stream.name()),
                VERSION,
                AttributeValue.fromN(Long.toString(version)),
                "id",
                AttributeValue.fromS(event.id().toString()),
                "type",
                AttributeValue.fromS(event.type()),
                "data",
                AttributeValue.fromB(SdkBytes.fromByteArray(event.payload().toByteArray())),
                "metadata",
                AttributeValue.fromS(new String(event.metadata().toJson(), StandardCharsets.UTF_8)),
                "at",
                AttributeValue.fromS(Instant.now().toString()));
    }

    @Override
    public long version(StreamId stream) {
        List<Map<String, AttributeValue>> last = client.query(
                        request(stream).scanIndexForward(false).limit(1).build())
                .items();
        return last.isEmpty() ? 0 : version(last.get(0));
    }

    private QueryRequest.Builder request(StreamId stream) {
        return QueryRequest.builder()
                .tableName(table)
                .keyConditionExpression(STREAM + " = :s")
                .expressionAttributeValues(Map.of(":s", AttributeValue.fromS(stream.name())))
                .consistentRead(true);
    }

    private static long version(Map<String, AttributeValue> item) {
        AttributeValue version = item.get(VERSION);
        if (version == null) {
            throw new IllegalStateException("an item has no version");
        }
        return Long.parseLong(version.n());
    }

    @Override
    public long readStream(StreamId stream) {
        long count = 0;
        for (Map<String, AttributeValue> item :
                client.queryPaginator(request(stream).build()).items()) {
            count++;
            if (version(item) != count) {
                throw new IllegalStateException("version " + version(item) + " stands where " + count + " follows");
            }
        }
        return count;
    }

    /** There is no order over all streams, so the place is a number of events. */
    @Override
    public Object mark() {
        return count();
    }

    @Override
    public long readAll(Object mark) {
        return count() - (Long) mark;
    }

    private Long count() {
        long count = 0;
        for (Map<String, AttributeValue> item : client.scanPaginator(ScanRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .build())
                .items()) {
            count += version(item) > 0 ? 1 : 0;
        }
        return count;
    }

    @Override
    public void close() {
        // The client is shared.
    }
}
