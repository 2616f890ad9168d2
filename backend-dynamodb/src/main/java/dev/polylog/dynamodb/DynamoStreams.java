package dev.polylog.dynamodb;

import dev.polylog.StreamId;
import dev.polylog.dynamodb.Chunk.Stored;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * The items of streams, and where streams end.
 *
 * <p>A Query sees each item as it is, but may see half of a transaction: that a stream has an item and none after it does
 * not say yet that none after it has been committed. So the end of a stream is confirmed by a transactional read of the
 * place after it, which DynamoDB refuses while a transaction writes there. Thread-safe. Rules.
 */
final class DynamoStreams {

    private static final String TRANSACTION_CONFLICT = "TransactionConflict";

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final StoredItems items;

    DynamoStreams(DynamoCalls calls, DynamoHead head, StoredItems items) {
        this.calls = calls;
        this.head = head;
        this.items = items;
    }

    /**
     * The end of a stream.
     *
     * <p>Immutable and thread-safe.
     *
     * @param item the last item, null where there is none
     */
    record End(@Nullable Stored item) {

        long version() {
            return item == null ? 0 : item.chunk().last();
        }

        /** The group that wrote the last event, 0 where there is none. */
        long group() {
            return item == null ? 0 : item.group();
        }
    }

    /** Some items of a stream, and whether more follow. */
    record Items(List<Stored> items, boolean more) {}

    /** The items that begin at or after a version, ascending. */
    Items from(StreamId stream, long version, int limit) {
        return query(stream, ">=", version, true, limit);
    }

    /** The items that begin at or before a version, descending. */
    Items upTo(StreamId stream, long version, int limit) {
        return query(stream, "<=", version, false, limit);
    }

    /** The item that holds a version, where it was read lately. */
    Optional<Stored> remembered(StreamId stream, long version) {
        return items.covering(head.known().epoch(), stream, version);
    }

    /** The last item; where one is known already, only what follows it is read. */
    private Optional<Stored> last(StreamId stream) {
        Optional<Stored> known = items.last(head.known().epoch(), stream);
        long from = known.map(item -> item.chunk().end() + 1).orElse(1L);
        return query(stream, ">=", from, false, 1).items().stream().findFirst().or(() -> known);
    }

    private Items query(StreamId stream, String comparison, long version, boolean forwards, int limit) {
        QueryRequest request = QueryRequest.builder()
                .tableName(calls.table())
                .keyConditionExpression(
                        DynamoLayout.PARTITION_KEY + " = :p AND " + DynamoLayout.SORT_KEY + " " + comparison + " :s")
                .expressionAttributeValues(Map.of(
                        ":p", AttributeValue.fromS(DynamoLayout.streamPartition(stream)),
                        ":s", AttributeValue.fromS(DynamoLayout.versionSort(version))))
                .consistentRead(true)
                .scanIndexForward(forwards)
                .limit(limit)
                .overrideConfiguration(calls.override())
                .build();
        long epoch = head.known().epoch();
        QueryResponse answer =
                calls.make("reading a stream", () -> calls.client().query(request));
        List<Stored> found = answer.items().stream().map(Stored::of).toList();
        items.put(epoch, found);
        return new Items(found, answer.hasLastEvaluatedKey() && DynamoCalls.goesOn(answer.lastEvaluatedKey()));
    }

    /** Where the stream ended at some moment; it ends there or later now. Enough to try a write. */
    End seen(StreamId stream) {
        DynamoCalls.Patience patience = calls.patience();
        while (true) {
            Optional<Stored> last = last(stream);
            if (last.isEmpty()) {
                return new End(null);
            }
            if (last.get().chunk().isLast()) {
                return new End(last.get());
            }
            patience.pauseOrGiveUp(
                    "reading the end of a stream", "an append to " + stream + " is visible only in part");
        }
    }

    /**
     * Where the stream ends, at a moment within this call; what was read lately behind a version is tried first, which
     * spares a Query where the stream has not grown.
     */
    End settledBehind(StreamId stream, long version) {
        return items.last(head.known().epoch(), stream)
                .filter(item -> item.chunk().isLast() && item.chunk().end() > version)
                .map(End::new)
                .filter(end -> isEnd(stream, end.version(), end.group()))
                .orElseGet(() -> settled(stream));
    }

    /** Where the stream ends, at a moment within this call. */
    End settled(StreamId stream) {
        DynamoCalls.Patience patience = calls.patience();
        while (true) {
            End end = seen(stream);
            if (isEnd(stream, end.version(), end.group())) {
                return end;
            }
            patience.pauseOrGiveUp("reading the end of a stream", "others write to " + stream);
        }
    }

    /**
     * Whether nothing has been committed behind an event that was seen or written; all of its group is visible afterwards.
     *
     * @param version the event's version, 0 where none was seen
     * @param group the group that wrote it, 0 where none was seen
     */
    boolean isEnd(StreamId stream, long version, long group) {
        if (!isAbsent(stream, version + 1)) {
            return false;
        }
        head.await(group);
        return true;
    }

    /** False where something is there, or a transaction is about to put it there. */
    private boolean isAbsent(StreamId stream, long version) {
        Key key = DynamoLayout.streamItem(stream, version);
        TransactGetItemsRequest request = TransactGetItemsRequest.builder()
                .transactItems(List.of(TransactGetItem.builder()
                        .get(get -> get.tableName(calls.table()).key(key.attributes()))
                        .build()))
                .overrideConfiguration(calls.override())
                .build();
        Optional<Boolean> absent = calls.make("reading the end of a stream", () -> {
            try {
                return Optional.of(!calls.client()
                        .transactGetItems(request)
                        .responses()
                        .get(0)
                        .hasItem());
            } catch (TransactionCanceledException e) {
                if (isConflict(e)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
        return absent.orElse(false);
    }

    private static boolean isConflict(TransactionCanceledException e) {
        return e.cancellationReasons().stream()
                .map(CancellationReason::code)
                .anyMatch(code -> TRANSACTION_CONFLICT.equals(code)
                        || "ThrottlingError".equals(code)
                        || "ProvisionedThroughputExceeded".equals(code));
    }
}
