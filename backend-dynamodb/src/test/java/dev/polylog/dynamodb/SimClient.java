package dev.polylog.dynamodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.CreateTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The client of one process: calls travel, get lost on either way, come late or twice, and are throttled. */
final class SimClient implements DynamoDbClient {

    private static final Duration CALL_TIMEOUT = Duration.ofMillis(300);
    private static final long LONGEST_OUTAGE_NANOS = 4_000_000_000L;

    private final SimTable table;
    private final SimWorld world;
    private volatile int troublePercent;
    private int copiesRefused;
    private long distanceNanos;

    SimClient(SimTable table, SimWorld world) {
        this.table = table;
        this.world = world;
    }

    /** So many of a hundred calls meet some trouble. */
    SimClient trouble(int percent) {
        troublePercent = percent;
        return this;
    }

    @Override
    public DynamoDbServiceClientConfiguration serviceClientConfiguration() {
        return (DynamoDbServiceClientConfiguration) DynamoDbServiceClientConfiguration.builder()
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .build())
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    /** How many copies came too late to do anything. */
    int copiesRefused() {
        return copiesRefused;
    }

    private enum Fate {
        WELL,
        REQUEST_LOST,
        REQUEST_LATE,
        REQUEST_TWICE,
        ANSWER_LOST,
        ERROR_BEFORE,
        ERROR_AFTER,
        THROTTLED
    }

    private Fate fate() {
        Random dice = world.dice();
        Fate[] fates = Fate.values();
        if (mortal && dice.nextInt(70) == 0) {
            outageEnds = world.nanoTime() + 1 + dice.nextLong(LONGEST_OUTAGE_NANOS);
        }
        if (world.nanoTime() < outageEnds) {
            return dice.nextInt(3) == 0 ? Fate.ANSWER_LOST : dice.nextBoolean() ? Fate.REQUEST_LATE : Fate.REQUEST_LOST;
        }
        return troublePercent > 0 && dice.nextInt(100) < troublePercent
                ? fates[1 + dice.nextInt(fates.length - 1)]
                : Fate.WELL;
    }

    private Duration latency() {
        return Duration.ofNanos(distanceNanos + 50_000 + world.dice().nextInt(2_000_000));
    }

    /** Each of its calls takes so much longer, there and back. */
    SimClient far(Duration distance) {
        distanceNanos = distance.toNanos();
        return this;
    }

    private Duration lateness() {
        return Duration.ofMillis(1 + world.dice().nextInt(4_000));
    }

    /** The process of this client ends at its next call, wherever that is. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private boolean mortal;
    private long outageEnds;

    /** Its calls may be the last ones of the process. */
    SimClient mortal() {
        mortal = true;
        return this;
    }

    private void live() {
        if (mortal && world.dice().nextInt(200) == 0) {
            throw new Killed();
        }
    }

    /** A call whose work is done at one moment. */
    private <T> T call(Supplier<T> work) {
        Fate fate = fate();
        live();
        world.sleep(latency());
        before(fate, () -> withoutAnswer(work));
        T answer;
        synchronized (table) {
            answer = work.get();
        }
        live();
        // The way back is often quick: that spares half of the changes of threads.
        if (world.dice().nextInt(4) == 0) {
            world.sleep(latency());
        }
        after(fate);
        return answer;
    }

    private void before(Fate fate, Runnable copy) {
        switch (fate) {
            case REQUEST_LOST -> timeOut();
            case REQUEST_LATE -> {
                world.later(lateness(), copy);
                timeOut();
            }
            case REQUEST_TWICE -> world.later(lateness(), copy);
            case ERROR_BEFORE -> throw error();
            case THROTTLED -> throw throttled();
            default -> {}
        }
    }

    private void after(Fate fate) {
        if (fate == Fate.ANSWER_LOST) {
            timeOut();
        } else if (fate == Fate.ERROR_AFTER) {
            throw error();
        }
    }

    private void withoutAnswer(Supplier<?> work) {
        try {
            var unused = work.get();
        } catch (SdkException nobodyWaits) {
            copiesRefused++;
        }
    }

    private void timeOut() {
        world.sleep(CALL_TIMEOUT);
        throw ApiCallTimeoutException.create(CALL_TIMEOUT.toMillis());
    }

    private static RuntimeException error() {
        return InternalServerErrorException.builder()
                .message("internal server error")
                .statusCode(500)
                .build();
    }

    private static RuntimeException throttled() {
        return ProvisionedThroughputExceededException.builder()
                .message("too much")
                .statusCode(400)
                .build();
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        Fate fate = fate();
        world.sleep(latency());
        before(fate, () -> withoutAnswer(() -> begin(request)));
        Duration visible = begin(request);
        live();
        world.sleep(visible.compareTo(CALL_TIMEOUT) > 0 ? CALL_TIMEOUT : visible.plus(latency()));
        if (visible.compareTo(CALL_TIMEOUT) > 0) {
            throw ApiCallTimeoutException.create(CALL_TIMEOUT.toMillis());
        }
        after(fate);
        return TransactWriteItemsResponse.builder().build();
    }

    private Duration begin(TransactWriteItemsRequest request) {
        SimTable.Committed committed;
        synchronized (table) {
            committed = table.transact(request, world.nanoTime());
        }
        List<Runnable> steps = new ArrayList<>();
        for (Runnable step : committed.steps()) {
            steps.add(() -> {
                synchronized (table) {
                    step.run();
                }
            });
        }
        return world.spread(steps);
    }

    @Override
    public TransactGetItemsResponse transactGetItems(TransactGetItemsRequest request) {
        return call(() -> {
            List<CancellationReason> reasons = new ArrayList<>();
            List<ItemResponse> items = new ArrayList<>();
            boolean held = false;
            for (TransactGetItem item : request.transactItems()) {
                Key key = SimTable.keyOf(item.get().key());
                held |= table.isHeld(key);
                reasons.add(CancellationReason.builder()
                        .code(table.isHeld(key) ? "TransactionConflict" : "None")
                        .build());
                items.add(ItemResponse.builder().item(table.get(key)).build());
            }
            if (held) {
                TransactionCanceledException cancelled = SimTable.cancelled(reasons);
                throw cancelled;
            }
            return TransactGetItemsResponse.builder().responses(items).build();
        });
    }

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        SimTable.require(Boolean.TRUE.equals(request.consistentRead()), "the backend reads consistently, always");
        return call(() -> GetItemResponse.builder()
                .item(table.get(SimTable.keyOf(request.key())))
                .build());
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        Map.Entry<String, KeysAndAttributes> only =
                request.requestItems().entrySet().iterator().next();
        SimTable.require(
                Boolean.TRUE.equals(only.getValue().consistentRead()), "the backend reads consistently, always");
        SimTable.require(only.getValue().keys().size() <= 100, "Too many items requested for the BatchGetItem call");
        return call(() -> {
            List<Map<String, AttributeValue>> found = new ArrayList<>();
            List<Map<String, AttributeValue>> left = new ArrayList<>();
            for (Map<String, AttributeValue> key : only.getValue().keys()) {
                boolean unprocessed = troublePercent > 0 && world.dice().nextInt(20) == 0;
                Map<String, AttributeValue> item = table.get(SimTable.keyOf(key));
                if (unprocessed) {
                    left.add(key);
                } else if (item != null) {
                    found.add(item);
                }
            }
            Map<String, KeysAndAttributes> unprocessed = new HashMap<>();
            if (!left.isEmpty()) {
                unprocessed.put(
                        only.getKey(),
                        KeysAndAttributes.builder()
                                .keys(left)
                                .consistentRead(true)
                                .build());
            }
            return BatchGetItemResponse.builder()
                    .responses(Map.of(only.getKey(), found))
                    .unprocessedKeys(unprocessed)
                    .build();
        });
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        SimTable.require(Boolean.TRUE.equals(request.consistentRead()), "the backend reads consistently, always");
        String partition = request.expressionAttributeValues().get(":p").s();
        String sort = request.expressionAttributeValues().get(":s").s();
        boolean from = request.keyConditionExpression().contains(">=");
        return call(() -> {
            TreeMap<String, Map<String, AttributeValue>> all = table.partition(partition);
            NavigableMap<String, Map<String, AttributeValue>> range =
                    from ? all.tailMap(sort, true) : all.headMap(sort, true);
            range = Boolean.FALSE.equals(request.scanIndexForward()) ? range.descendingMap() : range;
            List<Map<String, AttributeValue>> items =
                    range.values().stream().limit(request.limit()).toList();
            QueryResponse.Builder answer = QueryResponse.builder().items(items);
            // The service says that more may follow whenever it stopped at the limit.
            return items.size() < request.limit()
                    ? answer.build()
                    : answer.lastEvaluatedKey(
                                    SimTable.keyOf(items.get(items.size() - 1)).attributes())
                            .build();
        });
    }

    @Override
    public PutItemResponse putItem(PutItemRequest request) {
        return call(() -> {
            Map<String, AttributeValue> there = table.get(SimTable.keyOf(request.item()));
            if (!SimItem.holds(request.conditionExpression(), Map.of(), request.expressionAttributeValues(), there)) {
                throw ConditionalCheckFailedException.builder()
                        .item(there)
                        .message("The conditional request failed")
                        .statusCode(400)
                        .build();
            }
            table.put(request.item());
            return PutItemResponse.builder().build();
        });
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest request) {
        return call(() -> {
            table.create();
            return CreateTableResponse.builder().build();
        });
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return call(() -> {
            if (!table.exists()) {
                throw ResourceNotFoundException.builder()
                        .message("Requested resource not found")
                        .statusCode(400)
                        .build();
            }
            CreateTableRequest like = DynamoTable.creation(request.tableName());
            return DescribeTableResponse.builder()
                    .table(description -> description
                            .tableName(request.tableName())
                            .tableStatus(TableStatus.ACTIVE)
                            .keySchema(like.keySchema())
                            .attributeDefinitions(like.attributeDefinitions()))
                    .build();
        });
    }

    @Override
    public DescribeTimeToLiveResponse describeTimeToLive(DescribeTimeToLiveRequest request) {
        return call(() -> DescribeTimeToLiveResponse.builder()
                .timeToLiveDescription(ttl -> ttl.timeToLiveStatus(TimeToLiveStatus.DISABLED))
                .build());
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return call(() -> {
            SimTable.require(Integer.valueOf(1).equals(request.limit()), "the simulator scans for one item");
            List<Map<String, AttributeValue>> items = table.isEmpty()
                    ? List.of()
                    : List.of(table.get(DynamoLayout.TAIL) == null ? Map.of() : table.get(DynamoLayout.TAIL));
            return ScanResponse.builder().items(items).build();
        });
    }
}
