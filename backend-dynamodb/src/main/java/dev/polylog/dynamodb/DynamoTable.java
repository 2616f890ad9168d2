package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.dynamodb.DynamoConfig.Preparation;
import dev.polylog.dynamodb.DynamoFailures.Meaning;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Makes sure that the table can be used.
 *
 * <ol>
 *   <li>Look for the table; make it where it is missing, if that is wanted.
 *   <li>Refuse one with other keys, one that is replicated to other regions (there the last writer wins, and transactions
 *       are none), and one whose items expire (rule A-16).
 *   <li>Look for the tail. It is not there: of many who open at once, one puts it (rule L-01), unless the table holds
 *       something else.
 * </ol>
 *
 * <p>Stateless and thread-safe.
 */
final class DynamoTable {

    private DynamoTable() {}

    /** What makes the table. */
    static CreateTableRequest creation(String table) {
        return CreateTableRequest.builder()
                .tableName(table)
                .attributeDefinitions(attribute(DynamoLayout.PARTITION_KEY), attribute(DynamoLayout.SORT_KEY))
                .keySchema(keys())
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .deletionProtectionEnabled(true)
                .build();
    }

    private static List<KeySchemaElement> keys() {
        return List.of(key(DynamoLayout.PARTITION_KEY, KeyType.HASH), key(DynamoLayout.SORT_KEY, KeyType.RANGE));
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    /** Prepares the table and gives its tail. */
    static DynamoTail prepare(DynamoCalls calls) {
        refuse(calls, active(calls));
        return tail(calls).orElseGet(() -> {
            refuseOther(calls);
            putTail(calls, DynamoTail.first(UUID.randomUUID().toString()));
            return tail(calls)
                    .orElseThrow(() -> new StoreUnavailable(
                            calls.address() + ": the tail of the log was written but is not there. Try again later",
                            null));
        });
    }

    private static Optional<DynamoTail> tail(DynamoCalls calls) {
        return calls.get("reading the tail", DynamoLayout.TAIL).map(item -> DynamoTail.of(calls.address(), item));
    }

    /** The table, once it serves. */
    private static TableDescription active(DynamoCalls calls) {
        Patience patience = calls.patience();
        while (true) {
            Optional<TableDescription> found = describe(calls);
            if (found.isEmpty()) {
                create(calls);
            } else if (found.get().tableStatus() == TableStatus.ACTIVE
                    || found.get().tableStatus() == TableStatus.UPDATING) {
                return found.get();
            }
            patience.pauseOrGiveUp("opening the log", "the table is not active yet");
        }
    }

    private static Optional<TableDescription> describe(DynamoCalls calls) {
        return calls.make("describing the table", () -> {
            try {
                return Optional.of(calls.client()
                        .describeTable(
                                request -> request.tableName(calls.table()).overrideConfiguration(calls.override()))
                        .table());
            } catch (ResourceNotFoundException e) {
                return Optional.empty();
            }
        });
    }

    private static void create(DynamoCalls calls) {
        if (calls.config().preparation() == Preparation.REQUIRE) {
            throw new IncompatibleLayout(
                    calls.address() + ": the table does not exist. Make it, for example with the template that"
                            + " polylog schema prints, or let it be made (create=true)",
                    null);
        }
        calls.make("making the table", () -> {
            try {
                return calls.client().createTable(creation(calls.table()));
            } catch (ResourceInUseException e) {
                // Another one was quicker.
                return Optional.empty();
            }
        });
    }

    private static void refuse(DynamoCalls calls, TableDescription table) {
        List<String> problems = new ArrayList<>();
        if (!table.keySchema().equals(keys())
                || !table.attributeDefinitions()
                        .containsAll(creation(calls.table()).attributeDefinitions())) {
            problems.add("its keys are not the texts " + DynamoLayout.PARTITION_KEY + " and " + DynamoLayout.SORT_KEY
                    + ", so it is no log of Polylog; use another table");
        }
        if (table.hasReplicas() && !table.replicas().isEmpty()) {
            problems.add("it is a global table, in which the last writer wins and transactions hold in one region only;"
                    + " remove the replicas, or use another table");
        }
        if (expires(calls)) {
            problems.add("its items expire (time to live is on), which would tear holes into the log; switch that off");
        }
        if (!problems.isEmpty()) {
            throw new IncompatibleLayout(
                    calls.address() + ": the table cannot be used: " + String.join("; ", problems), null);
        }
    }

    private static boolean expires(DynamoCalls calls) {
        TimeToLiveStatus status = calls.make(
                "reading the table's time to live (dynamodb:DescribeTimeToLive)",
                () -> calls.client()
                        .describeTimeToLive(
                                request -> request.tableName(calls.table()).overrideConfiguration(calls.override()))
                        .timeToLiveDescription()
                        .timeToLiveStatus());
        return status == TimeToLiveStatus.ENABLED || status == TimeToLiveStatus.ENABLING;
    }

    /** A table without a tail must be empty: or the tail was lost, or the table is somebody else's. */
    private static void refuseOther(DynamoCalls calls) {
        List<Map<String, AttributeValue>> some;
        try {
            some = calls.make(
                    "looking into the table",
                    () -> calls.client()
                            .scan(request -> request.tableName(calls.table())
                                    .limit(1)
                                    .consistentRead(true)
                                    .overrideConfiguration(calls.override()))
                            .items());
        } catch (PolylogException e) {
            if (e.getCause() instanceof RuntimeException cause && DynamoFailures.isDenied(cause)) {
                // Who may only write need not be able to scan; who makes the table is.
                return;
            }
            throw e;
        }
        if (!some.isEmpty()
                && !Key.of(some.get(0)).equals(DynamoLayout.TAIL)
                && tail(calls).isEmpty()) {
            throw new IncompatibleLayout(
                    calls.address() + ": the table holds something, but no tail of a log. If it holds something else,"
                            + " use another table; if it is a log that was restored, repair it with DynamoRepair",
                    null);
        }
    }

    private static void putTail(DynamoCalls calls, DynamoTail tail) {
        Patience patience = calls.patience();
        while (true) {
            try {
                calls.client()
                        .transactWriteItems(request -> request.transactItems(List.of(TransactWriteItem.builder()
                                        .put(put -> put.tableName(calls.table())
                                                .item(tail.item())
                                                .conditionExpression(
                                                        "attribute_not_exists(" + DynamoLayout.PARTITION_KEY + ")"))
                                        .build()))
                                .overrideConfiguration(calls.override()));
                return;
            } catch (TransactionCanceledException e) {
                // Another one was quicker, or is about to be.
                if (tail(calls).isPresent()) {
                    return;
                }
            } catch (RuntimeException e) {
                if (!DynamoFailures.of(e).isPassing() && DynamoFailures.of(e) != Meaning.MISSING) {
                    throw calls.known("making the log", e);
                }
            }
            patience.pauseOrGiveUp("making the log", "the tail could not be written");
        }
    }
}
