package dev.polylog.dynamodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
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
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
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

/** The client of one process: what the service makes of each request, after a way of its own. */
final class SimClient implements DynamoDbClient {

    private final SimTable table;
    private final SimWorld world;
    private final SimNetwork network;

    SimClient(SimTable table, SimWorld world) {
        this.table = table;
        this.world = world;
        this.network = new SimNetwork(table, world);
    }

    /** So many of a hundred calls meet some trouble. */
    SimClient trouble(int percent) {
        network.trouble(percent);
        return this;
    }

    /** Each of its calls takes so much longer, there and back. */
    SimClient far(Duration distance) {
        network.far(distance);
        return this;
    }

    /** Its calls may be the last ones of the process. */
    SimClient mortal() {
        network.mortal();
        return this;
    }

    /** How many copies came too late to do anything. */
    int copiesRefused() {
        return network.copiesRefused();
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

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        network.callAndAwait(() -> begin(request));
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
        return network.call(() -> {
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
        return network.call(() -> GetItemResponse.builder()
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
        return network.call(() -> {
            List<Map<String, AttributeValue>> found = new ArrayList<>();
            List<Map<String, AttributeValue>> left = new ArrayList<>();
            for (Map<String, AttributeValue> key : only.getValue().keys()) {
                boolean unprocessed = network.isTroubled() && world.dice().nextInt(20) == 0;
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
        return network.call(() -> {
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
        return network.call(() -> {
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
        return network.call(() -> {
            table.create();
            return CreateTableResponse.builder().build();
        });
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest request) {
        return network.call(() -> {
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
        return network.call(() -> DescribeTimeToLiveResponse.builder()
                .timeToLiveDescription(ttl -> ttl.timeToLiveStatus(TimeToLiveStatus.DISABLED))
                .build());
    }

    @Override
    public ScanResponse scan(ScanRequest request) {
        return network.call(() -> {
            SimTable.require(Integer.valueOf(1).equals(request.limit()), "the simulator scans for one item");
            List<Map<String, AttributeValue>> items = table.isEmpty()
                    ? List.of()
                    : List.of(table.get(DynamoLayout.TAIL) == null ? Map.of() : table.get(DynamoLayout.TAIL));
            return ScanResponse.builder().items(items).build();
        });
    }
}
