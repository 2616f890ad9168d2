package dev.polylog.dynamodb;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.dynamodb.DynamoFailures.Meaning;
import dev.polylog.spi.CellStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/**
 * The cells: each is an item with a revision, put under the condition that the revision is as expected. The item also says
 * who wrote it, so that a repeated put knows its own work. Thread-safe. Rules K-01 to K-04.
 */
final class DynamoCells implements CellStore {

    private final DynamoCalls calls;

    DynamoCells(DynamoCalls calls) {
        this.calls = calls;
    }

    @Override
    public Optional<Cell> get(String name) {
        calls.requireOpen();
        return calls.get("reading a cell", DynamoLayout.cell(name)).map(DynamoCells::cell);
    }

    private static Cell cell(Map<String, AttributeValue> item) {
        AttributeValue value = item.get(DynamoLayout.VALUE);
        return new Cell(
                DynamoLayout.number(item, DynamoLayout.REVISION),
                value == null ? Payload.empty() : Payload.of(value.b().asByteArrayUnsafe()));
    }

    @Override
    public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
        calls.requireOpen();
        String writer = Long.toUnsignedString(calls.surroundings().random(), Character.MAX_RADIX);
        PutItemRequest request = put(name, expectedRevision, value, writer);
        Patience patience = calls.patience();
        boolean inDoubt = false;
        try {
            while (true) {
                try {
                    calls.client().putItem(request);
                    return new SetOutcome.Done(expectedRevision + 1);
                } catch (ConditionalCheckFailedException e) {
                    return failed(name, expectedRevision, writer, inDoubt, e);
                } catch (RuntimeException e) {
                    patience.uninterrupted();
                    Meaning meaning = DynamoFailures.of(e);
                    inDoubt |= meaning == Meaning.UNKNOWN;
                    if (!meaning.isPassing() || patience.isOver()) {
                        throw inDoubt ? unknown(name, e) : calls.known("setting a cell", e);
                    }
                }
                patience.pause();
                calls.requireOpen();
            }
        } finally {
            patience.restoreInterrupt();
        }
    }

    private PutItemRequest put(String name, long expectedRevision, Payload value, String writer) {
        Map<String, AttributeValue> item = new HashMap<>(DynamoLayout.cell(name).attributes());
        item.put(DynamoLayout.REVISION, DynamoLayout.number(expectedRevision + 1));
        item.put(DynamoLayout.WRITER, AttributeValue.fromS(writer));
        if (value.size() > 0) {
            item.put(DynamoLayout.VALUE, AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value.toByteArray())));
        }
        PutItemRequest.Builder request = PutItemRequest.builder()
                .tableName(calls.table())
                .item(item)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .overrideConfiguration(calls.override());
        return expectedRevision == 0
                ? request.conditionExpression("attribute_not_exists(" + DynamoLayout.PARTITION_KEY + ")")
                        .build()
                : request.conditionExpression(DynamoLayout.REVISION + " = :r")
                        .expressionAttributeValues(Map.of(":r", DynamoLayout.number(expectedRevision)))
                        .build();
    }

    private SetOutcome failed(
            String name, long expected, String writer, boolean inDoubt, ConditionalCheckFailedException e) {
        Map<String, AttributeValue> there = e.hasItem() ? e.item() : Map.of();
        long revision = there.isEmpty() ? 0 : DynamoLayout.number(there, DynamoLayout.REVISION);
        if (revision == expected + 1 && writer.equals(DynamoLayout.text(there, DynamoLayout.WRITER))) {
            return new SetOutcome.Done(revision);
        }
        // Somebody may have gone on from what an unanswered put of ours has set.
        if (inDoubt && revision > expected + 1) {
            throw unknown(name, e);
        }
        return new SetOutcome.Mismatch(revision);
    }

    private CellOutcomeUnknown unknown(String name, @Nullable RuntimeException e) {
        return new CellOutcomeUnknown(
                calls.address() + ": it is not known whether the cell " + name + " was set: "
                        + (e == null ? "" : DynamoFailures.message(e)) + ". Read it to find out",
                e);
    }
}
