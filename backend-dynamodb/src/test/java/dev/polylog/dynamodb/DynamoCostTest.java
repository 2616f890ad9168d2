package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.servers.dynamodb.DynamoServer;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/** The formula of the documents, compared with the units that DynamoDB Local counts. */
class DynamoCostTest {

    @RegisterExtension
    final TestLog log = new TestLog();

    private final Meter meter = new Meter();
    private DynamoDbClient client;
    private DynamoBackend backend;

    @BeforeEach
    void openMetered() {
        client = DynamoDbClient.builder()
                .region(Region.of(DynamoServer.REGION))
                .endpointOverride(TestLog.endpoint())
                .overrideConfiguration(override ->
                        override.retryStrategy(AwsRetryStrategy.doNotRetry()).addExecutionInterceptor(meter))
                .build();
        backend = log.open(DynamoConfig.builder(client, log.table()).build());
        meter.units.reset();
        meter.items.reset();
    }

    @AfterEach
    void closeTheClient() {
        client.close();
    }

    private double unitsOf(Runnable work) {
        meter.units.reset();
        work.run();
        return meter.units.sum();
    }

    private static EventData sized(int bytes) {
        return EventData.of("Sized", "application/octet-stream", Payload.of(new byte[bytes]));
    }

    /** The items that a group's transaction wrote. */
    private List<Map<String, AttributeValue>> written(long group) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        items.add(item(DynamoLayout.TAIL));
        items.add(item(DynamoLayout.logItem(group)));
        LogGroup.of(items.get(1)).entries().forEach(entry -> items.add(item(entry.key())));
        return items;
    }

    /** Twice the kilobytes of each item of a stream, of the log's item, and of the tail, each rounded up. */
    private double formula(long group) {
        return written(group).stream()
                .mapToDouble(item -> 2 * kilobytes(item, 1))
                .sum();
    }

    /** What DynamoDB Local counts for the same items: of a transaction of several it only tells what one of them cost. */
    private double counted(long group) {
        String copies = log.table() + "-copies";
        log.client().createTable(DynamoTable.creation(copies));
        return unitsOf(() -> written(group)
                .forEach(item -> client.transactWriteItems(TransactWriteItemsRequest.builder()
                        .transactItems(List.of(TransactWriteItem.builder()
                                .put(put -> put.tableName(copies).item(item))
                                .build()))
                        .build())));
    }

    private Map<String, AttributeValue> item(Key key) {
        return log.client()
                .getItem(request -> request.tableName(log.table()).key(key.attributes()))
                .item();
    }

    private static double kilobytes(Map<String, AttributeValue> item, int unit) {
        return Math.ceil(SimItem.size(item) / (1024.0 * unit));
    }

    @Test
    void a_small_append_alone_costs_six_write_units() {
        backend.append(TestLog.append("s", ExpectedVersion.noStream(), TestLog.event()));
        assertThat(meter.items.sum()).isEqualTo(3);
        assertThat(counted(1)).isEqualTo(6).isEqualTo(formula(1));
    }

    @Test
    void an_append_costs_what_the_formula_says_whatever_its_size() {
        List<AppendCommand> group = new ArrayList<>();
        for (int bytes : new int[] {1, 700, 1_500, 10_000, 100_000, 350_000}) {
            group.add(AppendCommand.of(
                    StreamId.of("s-" + bytes), ExpectedVersion.noStream(), List.of(sized(bytes), sized(bytes))));
        }
        assertThat(backend.appender().commit(group)).hasSize(6);
        // The largest needs two items.
        assertThat(meter.items.sum()).isEqualTo(7 + 2);
        assertThat(counted(1)).isEqualTo(formula(1));
    }

    @Test
    void appends_that_go_together_share_the_tail_and_the_log() {
        List<AppendCommand> group = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            group.add(TestLog.append("s-" + i, ExpectedVersion.noStream(), TestLog.event()));
        }
        assertThat(backend.appender().commit(group)).hasSize(40);
        assertThat(meter.items.sum()).isEqualTo(42);
        assertThat(counted(1)).isEqualTo(formula(1)).isEqualTo(40 * 2 + 2 + 2);
    }

    @Test
    void reading_a_stream_costs_its_size_and_the_look_behind_its_end() {
        for (int i = 0; i < 10; i++) {
            backend.append(TestLog.append("s", ExpectedVersion.exactly(i), sized(1_000)));
        }
        double bytes = 0;
        for (int i = 1; i <= 10; i++) {
            bytes += SimItem.size(item(DynamoLayout.streamItem(StreamId.of("s"), i)));
        }
        double units = unitsOf(() -> backend.readStream(StreamRead.forwards(StreamId.of("s"), 1, 100)));
        assertThat(units).isEqualTo(Math.ceil(bytes / 4096) + 2);
        double again = unitsOf(() -> backend.readStream(StreamRead.forwards(StreamId.of("s"), 1, 100)));
        assertThat(again).as("what has not grown").isEqualTo(2);
        assertThat(backend.append(TestLog.append("s", ExpectedVersion.exactly(10), TestLog.event())))
                .isInstanceOf(AppendOutcome.Appended.class);
        assertThat(backend.readStream(StreamRead.forwards(StreamId.of("s"), 1, 100))
                        .events())
                .hasSize(11);
    }

    @Test
    void reading_everything_costs_the_tail_and_each_group_and_item_by_itself() {
        for (int i = 0; i < 10; i++) {
            backend.append(TestLog.append("s-" + i, ExpectedVersion.noStream(), sized(5_000)));
        }
        double units = unitsOf(() -> backend.readAll(LogRead.after(Position.START, 100)));
        double expected = 1;
        for (int i = 0; i < 10; i++) {
            expected += kilobytes(item(DynamoLayout.logItem(i + 1)), 4)
                    + kilobytes(item(DynamoLayout.streamItem(StreamId.of("s-" + i), 1)), 4);
        }
        assertThat(units).isEqualTo(expected);
        double again = unitsOf(() -> backend.readAll(LogRead.after(Position.START, 100)));
        assertThat(again).as("groups and items are remembered").isEqualTo(1);
    }

    @Test
    void pages_that_are_smaller_than_an_item_do_not_pay_for_it_again_and_again() {
        StreamId stream = StreamId.of("s");
        List<EventData> events = new ArrayList<>();
        while (events.size() < 90) {
            events.add(sized(1_000));
        }
        backend.append(AppendCommand.of(stream, ExpectedVersion.noStream(), events));
        double item = kilobytes(item(DynamoLayout.streamItem(stream, 1)), 4);
        double group = kilobytes(item(DynamoLayout.logItem(1)), 4);
        double all = unitsOf(() -> {
            for (int i = 0; i < 90; i += 3) {
                Position after = i == 0 ? Position.START : DynamoTail.position(1, i - 1L);
                assertThat(backend.readAll(LogRead.after(after, 3)).events()).hasSize(3);
            }
        });
        assertThat(all).isEqualTo(30 + group + item);
        double ofStream = unitsOf(() -> {
            for (int i = 1; i <= 90; i += 3) {
                assertThat(backend.readStream(StreamRead.forwards(stream, i, 3)).events())
                        .hasSize(3);
                assertThat(backend.readStream(StreamRead.backwards(stream, i + 2, 3))
                                .events())
                        .hasSize(3);
            }
        });
        // The look behind the end, and an empty Query.
        assertThat(ofStream).isLessThanOrEqualTo(60 * (2 + 1));
    }

    /** Asks every call what it consumed, and adds up. */
    private static final class Meter implements ExecutionInterceptor {

        private final DoubleAdder units = new DoubleAdder();
        private final LongAdder items = new LongAdder();

        @Override
        public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
            SdkRequest request = context.request();
            if (request instanceof TransactWriteItemsRequest write) {
                items.add(write.transactItems().size());
                return write.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            if (request instanceof TransactGetItemsRequest get) {
                return get.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            if (request instanceof QueryRequest query) {
                return query.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            if (request instanceof BatchGetItemRequest batch) {
                return batch.toBuilder()
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .build();
            }
            return request instanceof GetItemRequest get
                    ? get.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                            .build()
                    : request;
        }

        @Override
        public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
            SdkResponse response = context.response();
            if (response instanceof TransactWriteItemsResponse write) {
                add(write.consumedCapacity());
            } else if (response instanceof TransactGetItemsResponse get) {
                add(get.consumedCapacity());
            } else if (response instanceof QueryResponse query) {
                add(List.of(query.consumedCapacity()));
            } else if (response instanceof BatchGetItemResponse batch) {
                add(batch.consumedCapacity());
            } else if (response instanceof GetItemResponse get) {
                add(List.of(get.consumedCapacity()));
            }
        }

        private void add(List<ConsumedCapacity> consumed) {
            consumed.forEach(one -> units.add(one.capacityUnits()));
        }
    }
}
