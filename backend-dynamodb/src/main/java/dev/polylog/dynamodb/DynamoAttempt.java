package dev.polylog.dynamodb;

import dev.polylog.Position;
import dev.polylog.dynamodb.DynamoGroup.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * A transaction that may become the next group of the log, and no other: it holds only where the tail is as it was, and
 * only where nobody else waits for a turn. Whoever had the turn gives it up in the same transaction.
 *
 * <p>Immutable and thread-safe.
 *
 * @param group what it writes; empty where it only takes the place, so that no earlier attempt can any more
 * @param before the tail behind which it goes
 * @param id by which it finds itself in the log; also the token by which DynamoDB knows a repetition
 * @param at when it was made
 */
record DynamoAttempt(DynamoGroup group, DynamoTail before, String id, Instant at) {

    private static final String ABSENT = "attribute_not_exists(" + DynamoLayout.PARTITION_KEY + ")";

    static DynamoAttempt of(DynamoGroup group, DynamoTail before, DynamoSurroundings surroundings) {
        return new DynamoAttempt(
                group, before, new UUID(surroundings.random(), surroundings.random()).toString(), surroundings.now());
    }

    /** The number that the group would have. */
    long number() {
        return before.group() + 1;
    }

    /** An empty group asks nobody for a turn and takes none: it must always be able to take its place. */
    private boolean asksForTurn() {
        return !group.isEmpty();
    }

    /** The tail afterwards. */
    DynamoTail after() {
        Position head = group.events() == 0 ? before.head() : DynamoTail.position(number(), group.events() - 1L);
        DynamoTail after = before.with(number(), head);
        return asksForTurn() ? after.turned() : after;
    }

    private LogGroup log() {
        return new LogGroup(number(), id, group.entries());
    }

    /** Where the tail stands among the items of the request. */
    int tailIndex() {
        return group.slots().size() + 1;
    }

    TransactWriteItemsRequest request(String table, Consumer<TransactWriteItemsRequest.Builder> more) {
        List<TransactWriteItem> items = new ArrayList<>();
        group.slots().forEach(slot -> items.add(item(slot, table)));
        items.add(put(table, log().item(at)));
        items.add(TransactWriteItem.builder().update(tail(table)).build());
        TransactWriteItemsRequest.Builder request =
                TransactWriteItemsRequest.builder().transactItems(items).clientRequestToken(id);
        more.accept(request);
        return request.build();
    }

    private TransactWriteItem item(Slot slot, String table) {
        if (slot.chunk() != null) {
            return put(table, slot.chunk().item(number(), at));
        }
        return TransactWriteItem.builder()
                .conditionCheck(ConditionCheck.builder()
                        .tableName(table)
                        .key(slot.key().attributes())
                        .conditionExpression(ABSENT)
                        .build())
                .build();
    }

    private static TransactWriteItem put(String table, Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(table)
                        .item(item)
                        .conditionExpression(ABSENT)
                        .build())
                .build();
    }

    private Update tail(String table) {
        DynamoTail after = after();
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":group", DynamoLayout.number(after.group()),
                ":headGroup", DynamoLayout.number(after.head().high()),
                ":headIndex", DynamoLayout.number(after.head().low()),
                ":before", DynamoLayout.number(before.group()),
                ":epoch", DynamoLayout.number(before.epoch()),
                ":log", AttributeValue.fromS(before.log())));
        String update = "SET #group = :group, " + DynamoLayout.HEAD_GROUP + " = :headGroup, " + DynamoLayout.HEAD_INDEX
                + " = :headIndex";
        String condition = "#group = :before AND " + DynamoLayout.EPOCH + " = :epoch AND #log = :log";
        Optional<String> turn = before.turn();
        if (asksForTurn() && turn.isEmpty()) {
            condition += " AND attribute_not_exists(" + DynamoTurns.NEXT + ")";
        } else if (asksForTurn()) {
            condition += " AND " + DynamoTurns.NEXT + " = :turn";
            update += " REMOVE " + DynamoTurns.NEXT;
            values.put(":turn", AttributeValue.fromS(turn.get()));
        }
        return Update.builder()
                .tableName(table)
                .key(DynamoLayout.TAIL.attributes())
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#group", DynamoLayout.GROUP, "#log", DynamoLayout.LOG))
                .expressionAttributeValues(values)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
    }
}
