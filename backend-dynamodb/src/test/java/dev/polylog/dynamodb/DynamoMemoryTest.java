package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** What a process holds in memory: no more than a page needs, and what another thread has seen is taken note of. */
class DynamoMemoryTest {

    private static final int PAYLOAD = 200_000;
    private static final int EVENTS = 600;

    private final SimTable table = new SimTable();
    private final SimWorld world = new RealWorld();

    private DynamoBackend open(DynamoDbClient client) {
        return DynamoBackend.open(
                DynamoConfig.builder(client, "simulated").build(), client, world, Runnable::run, () -> {});
    }

    private DynamoBackend open() {
        return open(new SimClient(table, world));
    }

    @Test
    void reading_everything_holds_the_items_of_one_window_however_many_it_looks_at() {
        write();
        Fetched fetched = new Fetched();
        DynamoBackend reader = open(fetched.watching(new SimClient(table, world)));
        LogSlice none = reader.readAll(
                LogRead.after(Position.START, 10).withFilter(Filter.all().types("Absent")));
        assertThat(none.events()).isEmpty();
        assertThat(none.atHead()).isTrue();
        assertThat(fetched.all()).hasSize(EVENTS);
        // A window and the one before it, and the 8 MB of items that were read last.
        assertThat(fetched.mostHeld()).isLessThanOrEqualTo(2 * DynamoLog.MOST_ITEMS + 8_000_000 / PAYLOAD);
    }

    private void write() {
        byte[] shared = new byte[PAYLOAD];
        List<AppendCommand> commands = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            EventData event = EventData.of("Sized", "application/octet-stream", Payload.of(shared));
            commands.add(AppendCommand.of(StreamId.of("s-" + i), ExpectedVersion.noStream(), List.of(event)));
        }
        assertThat(open().appender().commit(commands)).hasSize(EVENTS);
    }

    /** The events that calls have brought, and how many of them are held at a time. */
    private static final class Fetched {

        private final List<WeakReference<String>> all = new ArrayList<>();
        private int mostHeld;

        List<WeakReference<String>> all() {
            return all;
        }

        int mostHeld() {
            return mostHeld;
        }

        DynamoDbClient watching(DynamoDbClient client) {
            return Sabotage.after("batchGetItem", (call, arguments) -> {
                        System.gc();
                        BatchGetItemResponse answer = (BatchGetItemResponse) call.make();
                        Map<String, List<Map<String, AttributeValue>>> copies = new HashMap<>();
                        answer.responses()
                                .forEach((name, items) -> copies.put(
                                        name, items.stream().map(this::copy).toList()));
                        mostHeld = Math.max(mostHeld, (int)
                                all.stream().filter(one -> one.get() != null).count());
                        return answer.toBuilder().responses(copies).build();
                    })
                    .apply(client);
        }

        /** As from the network: each call brings texts of its own, which live as long as the events that are made of them. */
        private Map<String, AttributeValue> copy(Map<String, AttributeValue> item) {
            AttributeValue events = item.get(DynamoLayout.EVENTS);
            if (events == null) {
                return item;
            }
            Map<String, AttributeValue> event = new HashMap<>(events.l().get(0).m());
            String type = String.valueOf(event.get(DynamoLayout.EVENT_TYPE).s().toCharArray());
            all.add(new WeakReference<>(type));
            event.put(DynamoLayout.EVENT_TYPE, AttributeValue.fromS(type));
            Map<String, AttributeValue> copy = new HashMap<>(item);
            copy.put(DynamoLayout.EVENTS, AttributeValue.fromL(List.of(AttributeValue.fromM(event))));
            return copy;
        }
    }

    @Test
    void an_attempt_in_doubt_that_another_thread_has_seen_committed_is_not_made_again() {
        DynamoBackend other = open();
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        DynamoBackend[] one = new DynamoBackend[1];
        one[0] = open(Sabotage.after("transactWriteItems", (call, arguments) -> {
                    sent.incrementAndGet();
                    if (!done.compareAndSet(false, true)) {
                        return call.make();
                    }
                    // The transaction is written, others go on behind it, and what came back is a copy's conflict.
                    call.make();
                    other.append(TestLog.append("s", ExpectedVersion.any(), TestLog.event()));
                    assertThat(one[0].status().watermark().head()).isEqualTo(Position.parse("2:0"));
                    throw SimTable.cancelled(conflicts((TransactWriteItemsRequest) arguments[0]));
                })
                .apply(new SimClient(table, world)));
        AppendOutcome outcome = one[0].append(TestLog.append("s", ExpectedVersion.any(), TestLog.event()));
        assertThat(outcome).isInstanceOfSatisfying(AppendOutcome.Appended.class, appended -> {
            assertThat(appended.result().position()).isEqualTo(Position.parse("1:0"));
            assertThat(appended.result().repeated()).isFalse();
        });
        assertThat(sent).hasValue(1);
        assertThat(other.readStream(StreamRead.forwards(StreamId.of("s"), 1, 10))
                        .events())
                .hasSize(2);
    }

    private static List<CancellationReason> conflicts(TransactWriteItemsRequest request) {
        return request.transactItems().stream()
                .map(item ->
                        CancellationReason.builder().code("TransactionConflict").build())
                .toList();
    }
}
