package dev.polylog.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * A table with the semantics of the service: a transaction looks at all its items at one moment and holds them; once it is
 * committed its items become visible one by one, each at a moment of its own; meanwhile other transactions and writes on
 * them are refused as conflicts, and plain reads see what is there. It is answered when all are visible.
 *
 * <p>All methods are called under one lock or in virtual time.
 */
final class SimTable {

    private static final int MOST_ITEMS = 100;
    private static final int MOST_ITEM_BYTES = 400 * 1024;
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final long TOKEN_NANOS = 600_000_000_000L;

    private final Map<String, TreeMap<String, Map<String, AttributeValue>>> partitions = new HashMap<>();
    private final Set<Key> held = new HashSet<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private boolean exists;

    private record Token(TransactWriteItemsRequest request, boolean[] done, long[] doneAt) {}

    /** A transaction that was committed and is becoming visible. */
    record Committed(List<Runnable> steps, boolean[] done) {}

    boolean exists() {
        return exists;
    }

    void create() {
        exists = true;
    }

    @Nullable
    Map<String, AttributeValue> get(Key key) {
        TreeMap<String, Map<String, AttributeValue>> partition = partitions.get(key.partition());
        return partition == null ? null : partition.get(key.sort());
    }

    boolean isHeld(Key key) {
        return held.contains(key);
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    /** All items of a partition, by sort key. */
    TreeMap<String, Map<String, AttributeValue>> partition(String partition) {
        return partitions.getOrDefault(partition, new TreeMap<>());
    }

    /** A single write, which no condition stops any more. */
    void put(Map<String, AttributeValue> item) {
        Key key = keyOf(item);
        if (held.contains(key)) {
            throw TransactionConflictException.builder()
                    .message("Transaction is ongoing for the item")
                    .build();
        }
        store(key, item);
    }

    private void store(Key key, Map<String, AttributeValue> item) {
        partitions.computeIfAbsent(key.partition(), p -> new TreeMap<>()).put(key.sort(), item);
    }

    static Key keyOf(Map<String, AttributeValue> item) {
        return new Key(
                item.get(DynamoLayout.PARTITION_KEY).s(),
                item.get(DynamoLayout.SORT_KEY).s());
    }

    /** Decides a transaction; throws where it is refused, gives the steps in which it becomes visible where not. */
    Committed transact(TransactWriteItemsRequest request, long now) {
        String name = request.clientRequestToken();
        Token token = name == null ? null : tokens.get(name);
        if (token != null && (!token.done()[0] || now - token.doneAt()[0] < TOKEN_NANOS)) {
            return known(request, token);
        }
        requireWithinLimits(request);
        requireReady(request);
        boolean[] done = new boolean[1];
        Token mine = new Token(request, done, new long[1]);
        if (name != null) {
            tokens.put(name, mine);
        }
        return new Committed(steps(request, mine, now), done);
    }

    private static Committed known(TransactWriteItemsRequest request, Token token) {
        if (!token.request().transactItems().equals(request.transactItems())) {
            throw IdempotentParameterMismatchException.builder()
                    .message("the token was used with other parameters")
                    .statusCode(400)
                    .build();
        }
        if (!token.done()[0]) {
            throw TransactionInProgressException.builder()
                    .message("the transaction with the given request token is already in progress")
                    .statusCode(400)
                    .build();
        }
        return new Committed(List.of(), token.done());
    }

    private List<Runnable> steps(TransactWriteItemsRequest request, Token token, long now) {
        List<Runnable> steps = new ArrayList<>();
        int[] left = {request.transactItems().size()};
        for (TransactWriteItem item : request.transactItems()) {
            Key key = key(item);
            held.add(key);
            Map<String, AttributeValue> after = after(item, get(key));
            steps.add(() -> {
                if (after != null) {
                    store(key, after);
                }
                held.remove(key);
                left[0]--;
                token.done()[0] = left[0] == 0;
                token.doneAt()[0] = now;
            });
        }
        return steps;
    }

    private void requireReady(TransactWriteItemsRequest request) {
        List<CancellationReason> reasons = new ArrayList<>();
        boolean ready = true;
        for (TransactWriteItem item : request.transactItems()) {
            CancellationReason reason = reason(item);
            ready &= reason.code().equals("None");
            reasons.add(reason);
        }
        if (!ready) {
            throw cancelled(reasons);
        }
    }

    static TransactionCanceledException cancelled(List<CancellationReason> reasons) {
        return (TransactionCanceledException) TransactionCanceledException.builder()
                .cancellationReasons(reasons)
                .message("Transaction cancelled, please refer cancellation reasons for specific reasons")
                .statusCode(400)
                .build();
    }

    private CancellationReason reason(TransactWriteItem item) {
        Key key = key(item);
        if (held.contains(key)) {
            return CancellationReason.builder().code("TransactionConflict").build();
        }
        Map<String, AttributeValue> there = get(key);
        if (holds(item, there)) {
            return CancellationReason.builder().code("None").build();
        }
        CancellationReason.Builder reason = CancellationReason.builder().code("ConditionalCheckFailed");
        boolean tells = item.update() != null
                && item.update().returnValuesOnConditionCheckFailure() == ReturnValuesOnConditionCheckFailure.ALL_OLD;
        return (tells && there != null ? reason.item(there) : reason).build();
    }

    private static boolean holds(TransactWriteItem item, @Nullable Map<String, AttributeValue> there) {
        if (item.put() != null) {
            return SimItem.holds(
                    item.put().conditionExpression(), Map.of(), item.put().expressionAttributeValues(), there);
        }
        if (item.update() != null) {
            return SimItem.holds(
                    item.update().conditionExpression(),
                    item.update().expressionAttributeNames(),
                    item.update().expressionAttributeValues(),
                    there);
        }
        return SimItem.holds(
                item.conditionCheck().conditionExpression(),
                item.conditionCheck().expressionAttributeNames(),
                item.conditionCheck().expressionAttributeValues(),
                there);
    }

    private static Key key(TransactWriteItem item) {
        if (item.put() != null) {
            return keyOf(item.put().item());
        }
        return keyOf(
                item.update() != null
                        ? item.update().key()
                        : item.conditionCheck().key());
    }

    private static @Nullable Map<String, AttributeValue> after(
            TransactWriteItem item, @Nullable Map<String, AttributeValue> there) {
        if (item.put() != null) {
            return item.put().item();
        }
        return item.update() == null
                ? null
                : SimItem.updated(
                        item.update().key(),
                        item.update().updateExpression(),
                        item.update().expressionAttributeNames(),
                        item.update().expressionAttributeValues(),
                        there);
    }

    private static void requireWithinLimits(TransactWriteItemsRequest request) {
        Set<Key> keys = new HashSet<>();
        int bytes = 0;
        for (TransactWriteItem item : request.transactItems()) {
            Map<String, AttributeValue> after = after(item, null);
            int size = after == null ? 0 : SimItem.size(after);
            bytes += size;
            require(size <= MOST_ITEM_BYTES, "Item size has exceeded the maximum allowed size");
            require(keys.add(key(item)), "Transaction request cannot include multiple operations on one item");
        }
        require(keys.size() <= MOST_ITEMS, "Member must have length less than or equal to 100");
        require(bytes <= MOST_BYTES, "Transaction request cannot exceed 4 MB");
    }

    static void require(boolean condition, String message) {
        if (!condition) {
            throw refusal(message);
        }
    }

    /** What the service says of a request that it does not take. */
    static RuntimeException refusal(String message) {
        return DynamoDbException.builder()
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ValidationException")
                        .errorMessage(message)
                        .build())
                .message(message)
                .statusCode(400)
                .build();
    }
}
