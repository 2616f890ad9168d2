package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import dev.polylog.dynamodb.DynamoConfig.Given;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Makes a table usable that was restored from a backup or to a point in time: such a table may hold halves of the
 * transactions of its last moments, and any tail.
 *
 * <ol>
 *   <li>The log is walked from its first group on, until a group, or an item that a group names, is missing.
 *   <li>Everything from there on is removed: groups, and items of streams, also such as no group names.
 *   <li>The tail is put behind the last whole group, with a new epoch, so that subscriptions notice (rule S-10).
 * </ol>
 *
 * <p>For whoever runs the restored table, before anything opens it: <em>nobody may write meanwhile</em>. Reads the whole
 * table once. Running it again changes nothing but the epoch. Stateless and thread-safe.
 */
public final class DynamoRepair {

    /**
     * What was found and done.
     *
     * <p>Immutable and thread-safe.
     *
     * @param groups how many groups the log has now
     * @param head the position of its last event now
     * @param removed how many items were removed, parts of broken groups and of what lay behind them
     * @param epoch the epoch now
     */
    public record Report(long groups, Position head, long removed, String epoch) {}

    private final DynamoCalls calls;

    private DynamoRepair(DynamoCalls calls) {
        this.calls = calls;
    }

    /**
     * Repairs a table.
     *
     * @param config which table; it is never made here
     * @return what was done
     * @throws dev.polylog.StoreUnavailable if DynamoDB cannot be reached or gives up on the way; run it again
     * @throws IncompatibleLayout if the table is missing, has another layout, or a permission is missing
     */
    public static Report run(DynamoConfig config) {
        return with(config, DynamoRepair::repair);
    }

    /**
     * Says what a repair would do, and changes nothing.
     *
     * @param config which table; it is never made here
     * @return what would be done
     * @throws dev.polylog.StoreUnavailable if DynamoDB cannot be reached or gives up on the way; run it again
     * @throws IncompatibleLayout if the table is missing, has another layout, or a permission is missing
     */
    public static Report examine(DynamoConfig config) {
        return with(config, DynamoRepair::look);
    }

    private static Report with(DynamoConfig config, Function<DynamoRepair, Report> work) {
        DynamoDbClient client = DynamoClients.of(config);
        try {
            return work.apply(new DynamoRepair(new DynamoCalls(config, client, DynamoSurroundings.REAL)));
        } finally {
            if (!(config.source() instanceof Given)) {
                client.close();
            }
        }
    }

    private Report look() {
        DynamoTail whole = tail();
        return report(whole, beyond(whole.group(), key -> {}));
    }

    private Report repair() {
        DynamoTail whole = tail();
        long removed = beyond(whole.group(), this::delete);
        calls.make(
                "writing the tail",
                () -> calls.client()
                        .putItem(request -> request.tableName(calls.table())
                                .item(whole.item())
                                .overrideConfiguration(calls.override())));
        return report(whole, removed);
    }

    private static Report report(DynamoTail whole, long removed) {
        return new Report(whole.group(), whole.head(), removed, Long.toString(whole.epoch()));
    }

    /** The tail as it must be. */
    private DynamoTail tail() {
        DynamoTail before = calls.get("reading the tail", DynamoLayout.TAIL)
                .map(item -> DynamoTail.of(calls.address(), item))
                .orElseGet(() -> DynamoTail.first(UUID.randomUUID().toString()));
        DynamoTail start = new DynamoTail(before.log(), before.epoch() + 1, 0, Position.START, List.of());
        return whole(start, last());
    }

    /** The number of the last group that is there, whether whole or not. */
    private long last() {
        long last = 0;
        for (int stripe = 0; stripe < DynamoLayout.STRIPES; stripe++) {
            QueryRequest request = QueryRequest.builder()
                    .tableName(calls.table())
                    .keyConditionExpression(DynamoLayout.PARTITION_KEY + " = :p")
                    .expressionAttributeValues(Map.of(":p", AttributeValue.fromS(DynamoLayout.logPartition(stripe))))
                    .consistentRead(true)
                    .scanIndexForward(false)
                    .limit(1)
                    .overrideConfiguration(calls.override())
                    .build();
            QueryResponse answer =
                    calls.make("reading the log", () -> calls.client().query(request));
            for (Map<String, AttributeValue> item : answer.items()) {
                last = Math.max(last, DynamoLayout.number(Key.of(item).sort()));
            }
        }
        return last;
    }

    /** The tail behind the last group up to which all is there. */
    private DynamoTail whole(DynamoTail start, long last) {
        DynamoTail tail = start;
        for (long from = 1; from <= last; from += DynamoCalls.MOST_KEYS) {
            List<Key> keys = new ArrayList<>();
            for (long number = from; number <= Math.min(last, from + DynamoCalls.MOST_KEYS - 1); number++) {
                keys.add(DynamoLayout.logItem(number));
            }
            Map<Key, Map<String, AttributeValue>> groups = calls.getAll("reading the log", keys);
            for (Key key : keys) {
                Optional<LogGroup> group = Optional.ofNullable(groups.get(key)).map(LogGroup::of);
                if (group.isEmpty() || !isWhole(group.get())) {
                    return tail;
                }
                Position head = group.get().events() == 0
                        ? tail.head()
                        : DynamoTail.position(group.get().group(), group.get().events() - 1L);
                tail = tail.with(group.get().group(), head);
            }
        }
        return tail;
    }

    private boolean isWhole(LogGroup group) {
        List<Key> keys = group.entries().stream().map(LogEntry::key).toList();
        Map<Key, Map<String, AttributeValue>> items = calls.getAll("reading streams", keys);
        return items.size() == keys.size()
                && items.values().stream()
                        .allMatch(item -> DynamoLayout.number(item, DynamoLayout.GROUP) == group.group());
    }

    /** Does something with whatever belongs to a later group; says how many items that are. */
    private long beyond(long whole, Consumer<Key> work) {
        long count = 0;
        Map<String, AttributeValue> next = Map.of();
        do {
            ScanRequest.Builder request = ScanRequest.builder()
                    .tableName(calls.table())
                    .consistentRead(true)
                    .projectionExpression(DynamoLayout.PARTITION_KEY + ", " + DynamoLayout.SORT_KEY + ", #g")
                    .expressionAttributeNames(Map.of("#g", DynamoLayout.GROUP))
                    .overrideConfiguration(calls.override());
            ScanRequest page = (next.isEmpty() ? request : request.exclusiveStartKey(next)).build();
            ScanResponse answer =
                    calls.make("scanning the table", () -> calls.client().scan(page));
            for (Map<String, AttributeValue> item : answer.items()) {
                if (isLater(item, whole)) {
                    work.accept(Key.of(item));
                    count++;
                }
            }
            next = answer.hasLastEvaluatedKey() ? new HashMap<>(answer.lastEvaluatedKey()) : Map.of();
        } while (!next.isEmpty());
        return count;
    }

    private static boolean isLater(Map<String, AttributeValue> item, long whole) {
        Key key = Key.of(item);
        if (key.partition().startsWith(DynamoLayout.LOG_PREFIX)) {
            return DynamoLayout.number(key.sort()) > whole;
        }
        return DynamoLayout.stream(key).isPresent() && DynamoLayout.number(item, DynamoLayout.GROUP) > whole;
    }

    private void delete(Key key) {
        calls.make(
                "removing a part of a broken group",
                () -> calls.client()
                        .deleteItem(request -> request.tableName(calls.table())
                                .key(key.attributes())
                                .overrideConfiguration(calls.override())));
    }
}
