package dev.polylog.dynamodb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** Mistakes that a backend could make, each put between the real backend and the simulated service. */
enum Sabotage implements UnaryOperator<DynamoDbClient> {

    /** The put of an event's item has no condition. */
    CONDITION_OF_THE_STREAM_DROPPED(onItems(item -> item.put() != null
                    && isStream(item.put().item())
            ? TransactWriteItem.builder()
                    .put(item.put().toBuilder().conditionExpression(null).build())
                    .build()
            : item)),

    /** The tail is set without looking at it, and so is the log's item. */
    TAIL_NOT_CHECKED(onItems(item -> {
        if (item.update() != null) {
            Map<String, AttributeValue> values = new HashMap<>(item.update().expressionAttributeValues());
            values.keySet().removeAll(List.of(":before", ":epoch", ":log"));
            return TransactWriteItem.builder()
                    .update(item.update().toBuilder()
                            .conditionExpression(null)
                            .expressionAttributeValues(values)
                            .build())
                    .build();
        }
        return item.put() != null && !isStream(item.put().item())
                ? TransactWriteItem.builder()
                        .put(item.put().toBuilder().conditionExpression(null).build())
                        .build()
                : item;
    })),

    /** What must hold of streams that are only looked at is not asked. */
    LOOK_DROPPED(onRequest(request -> request.toBuilder()
            .transactItems(request.transactItems().stream()
                    .filter(item -> item.conditionCheck() == null)
                    .toList())
            .build())),

    /** One token for everything. */
    TOKEN_REUSED(onRequest(request -> request.clientRequestToken() == null
            ? request
            : request.toBuilder().clientRequestToken("always the same").build())),

    /** An item in the hands of a transaction counts as absent. */
    TORN_READ_ACCEPTED(after("transactGetItems", (call, arguments) -> {
        try {
            return call.make();
        } catch (TransactionCanceledException e) {
            List<ItemResponse> absent = Collections.nCopies(
                    ((TransactGetItemsRequest) arguments[0]).transactItems().size(),
                    ItemResponse.builder().build());
            return TransactGetItemsResponse.builder().responses(absent).build();
        }
    })),

    /** Whether anything follows the last item is never asked. */
    END_NOT_CONFIRMED(after(
            "transactGetItems",
            (call, arguments) -> TransactGetItemsResponse.builder()
                    .responses(ItemResponse.builder().build())
                    .build())),

    /** The tail is read as it was some time ago. */
    STALE_TAIL(new Function<>() {
        private final ThreadLocal<Map<Object, GetItemResponse>> older = ThreadLocal.withInitial(HashMap::new);

        @Override
        public DynamoDbClient apply(DynamoDbClient client) {
            return after("getItem", (call, arguments) -> {
                        GetItemResponse now = (GetItemResponse) call.make();
                        boolean tail = ((GetItemRequest) arguments[0]).key().equals(DynamoLayout.TAIL.attributes());
                        GetItemResponse before = tail ? older.get().put(client, now) : null;
                        return before != null && before.hasItem() ? before : now;
                    })
                    .apply(client);
        }
    }),

    /** Silence is taken for success. */
    UNKNOWN_OUTCOME_SWALLOWED(after("transactWriteItems", (call, arguments) -> {
        try {
            return call.make();
        } catch (ApiCallTimeoutException | InternalServerErrorException e) {
            return TransactWriteItemsResponse.builder().build();
        }
    })),

    /** Silence is taken for failure. */
    UNKNOWN_OUTCOME_CALLED_FAILURE(after("transactWriteItems", (call, arguments) -> {
        try {
            return call.make();
        } catch (ApiCallTimeoutException | InternalServerErrorException e) {
            throw refused();
        }
    })),

    /** A conflict of one append fails all of its group. */
    NEIGHBOUR_FAILED(after("transactWriteItems", (call, arguments) -> {
        try {
            return call.make();
        } catch (TransactionCanceledException e) {
            throw refused();
        }
    })),

    /** A conflict between transactions is taken for a condition that does not hold. */
    CONFLICT_TAKEN_FOR_DEATH(after("transactWriteItems", (call, arguments) -> {
        try {
            return call.make();
        } catch (TransactionCanceledException e) {
            List<CancellationReason> reasons = e.cancellationReasons().stream()
                    .map(reason -> "TransactionConflict".equals(reason.code())
                            ? reason.toBuilder().code("ValidationError").build()
                            : reason)
                    .toList();
            throw (TransactionCanceledException)
                    e.toBuilder().cancellationReasons(reasons).build();
        }
    })),

    /** Whoever waits for a turn is passed over. */
    TURN_IGNORED(onItems(item -> withoutTurn(item, " AND attribute_not_exists(" + DynamoTurns.NEXT + ")", ""))),

    /** Whoever had a turn keeps it. */
    TURN_KEPT(onItems(
            item -> item.update() == null || !item.update().updateExpression().contains(":group")
                    ? item
                    : withoutTurn(item, "", " REMOVE " + DynamoTurns.NEXT))),

    /** Nobody is taken out of the queue who does not go. */
    DEAD_WAITED_FOR(after("transactWriteItems", (call, arguments) -> {
        List<TransactWriteItem> items = ((TransactWriteItemsRequest) arguments[0]).transactItems();
        boolean ends = items.get(0).update() != null
                && items.get(0).update().updateExpression().startsWith("REMOVE");
        return ends ? TransactWriteItemsResponse.builder().build() : call.make();
    })),

    /** The items of a group are written one after the other. */
    WRITTEN_ONE_BY_ONE(new Function<>() {
        @Override
        public DynamoDbClient apply(DynamoDbClient client) {
            return after("transactWriteItems", (call, arguments) -> {
                        TransactWriteItemsRequest request = (TransactWriteItemsRequest) arguments[0];
                        if (request.transactItems().size() < 3) {
                            return call.make();
                        }
                        for (TransactWriteItem item : request.transactItems()) {
                            client.transactWriteItems(single -> single.transactItems(List.of(item)));
                        }
                        return TransactWriteItemsResponse.builder().build();
                    })
                    .apply(client);
        }
    }),

    /** The log's item names the entries in another order than the items themselves. */
    ENTRIES_REVERSED(onItems(item -> withEntries(item, entries -> {
        Collections.reverse(entries);
        return entries;
    }))),

    /** The log's item forgets the last entry of a group. */
    ENTRY_FORGOTTEN(onItems(item ->
            withEntries(item, entries -> entries.size() < 2 ? entries : entries.subList(0, entries.size() - 1)))),

    /** A second event of an item is lost. */
    EVENT_FORGOTTEN(onItems(item -> {
        if (item.put() == null || !isStream(item.put().item())) {
            return item;
        }
        Map<String, AttributeValue> changed = new HashMap<>(item.put().item());
        List<AttributeValue> events = changed.get(DynamoLayout.EVENTS).l();
        if (events.size() < 2) {
            return item;
        }
        changed.put(DynamoLayout.EVENTS, AttributeValue.fromL(events.subList(0, events.size() - 1)));
        changed.put(DynamoLayout.LAST, DynamoLayout.number(DynamoLayout.number(changed, DynamoLayout.LAST) - 1));
        return TransactWriteItem.builder()
                .put(item.put().toBuilder().item(changed).build())
                .build();
    })),

    /** A cell is set whatever its revision is. */
    CELL_NOT_COMPARED(new Function<>() {
        @Override
        public DynamoDbClient apply(DynamoDbClient client) {
            return after(
                            "putItem",
                            (call, arguments) -> client.putItem(((PutItemRequest) arguments[0])
                                    .toBuilder().conditionExpression(null).build()))
                    .apply(client);
        }
    }),

    /** A cell whose setting was not answered counts as set. */
    CELL_UNKNOWN_SWALLOWED(after("putItem", (call, arguments) -> {
        try {
            return call.make();
        } catch (ApiCallTimeoutException | InternalServerErrorException e) {
            return PutItemResponse.builder().build();
        }
    }));

    private final Function<DynamoDbClient, DynamoDbClient> tamper;

    Sabotage(Function<DynamoDbClient, DynamoDbClient> tamper) {
        this.tamper = tamper;
    }

    @Override
    public DynamoDbClient apply(DynamoDbClient client) {
        return tamper.apply(client);
    }

    /** Stands between like all others, and changes nothing. */
    static UnaryOperator<DynamoDbClient> nothing() {
        return onRequest(UnaryOperator.identity())::apply;
    }

    /** A call that goes on to the simulated service. */
    @FunctionalInterface
    interface Call {
        Object make();
    }

    /** What happens in place of a call. */
    @FunctionalInterface
    interface Instead {
        Object make(Call call, Object[] arguments);
    }

    /** A client of which one method does something else. */
    static Function<DynamoDbClient, DynamoDbClient> after(String method, Instead instead) {
        return client -> (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (proxy, called, arguments) -> {
                    Call call = () -> invoke(() -> called.invoke(client, arguments));
                    boolean meant = called.getName().equals(method) && !(arguments[0] instanceof Consumer);
                    return meant ? instead.make(call, arguments) : call.make();
                });
    }

    /** A call by reflection. */
    @FunctionalInterface
    private interface Reflective {
        Object make() throws IllegalAccessException, InvocationTargetException;
    }

    private static Object invoke(Reflective call) {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) e.getCause();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Function<DynamoDbClient, DynamoDbClient> onRequest(UnaryOperator<TransactWriteItemsRequest> change) {
        return client -> after(
                        "transactWriteItems",
                        (call, arguments) ->
                                client.transactWriteItems(change.apply((TransactWriteItemsRequest) arguments[0])))
                .apply(client);
    }

    private static Function<DynamoDbClient, DynamoDbClient> onItems(UnaryOperator<TransactWriteItem> change) {
        return onRequest(request -> request.toBuilder()
                .transactItems(request.transactItems().stream().map(change).toList())
                .build());
    }

    private static TransactWriteItem withEntries(TransactWriteItem item, UnaryOperator<List<AttributeValue>> change) {
        if (item.put() == null || !item.put().item().containsKey(DynamoLayout.ENTRIES)) {
            return item;
        }
        Map<String, AttributeValue> changed = new HashMap<>(item.put().item());
        changed.put(
                DynamoLayout.ENTRIES,
                AttributeValue.fromL(change.apply(
                        new ArrayList<>(changed.get(DynamoLayout.ENTRIES).l()))));
        return TransactWriteItem.builder()
                .put(item.put().toBuilder().item(changed).build())
                .build();
    }

    private static TransactWriteItem withoutTurn(TransactWriteItem item, String condition, String update) {
        Update tail = item.update();
        return tail == null
                ? item
                : TransactWriteItem.builder()
                        .update(tail.toBuilder()
                                .conditionExpression(tail.conditionExpression().replace(condition, ""))
                                .updateExpression(tail.updateExpression().replace(update, ""))
                                .build())
                        .build();
    }

    private static boolean isStream(Map<String, AttributeValue> item) {
        return item.containsKey(DynamoLayout.EVENTS);
    }

    private static RuntimeException refused() {
        return SimTable.refusal("refused");
    }
}
