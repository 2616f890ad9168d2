package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.ExpectedVersion;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Nobody is kept out by a process that appends without pause, and nobody is held up for long by one that is no more. */
class DynamoTurnsTest {

    private static final int SEEDS = 100;

    @RegisterExtension
    final TestLog log = new TestLog();

    @Test
    void whoever_appends_now_and_then_comes_to_its_turn_beside_one_that_never_pauses() throws InterruptedException {
        long longest = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            SimTurns turns = new SimTurns(seed, UnaryOperator.identity());
            assertThat(turns.play()).as("seed %d", seed).isEmpty();
            longest = Math.max(longest, turns.longest());
        }
        assertThat(longest).as("some had to queue").isGreaterThan(DynamoTurns.MOST_SETBACKS);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whoever_dies_in_the_queue_costs_one_bounded_pause(int dead) throws InterruptedException {
        for (long seed = 1; seed <= 20; seed++) {
            SimTurns turns = new SimTurns(seed, UnaryOperator.identity());
            List<Duration> times = turns.playBehindTheDead(dead, 2);
            Duration all = DynamoTurns.LONGEST_TURN.multipliedBy(dead);
            assertThat(turns.complaints()).as("seed %d", seed).isEmpty();
            assertThat(turns.waiting()).as("seed %d", seed).isEmpty();
            // Each call takes a moment, and some of them 0.4 s.
            assertThat(times.get(0))
                    .as("seed %d", seed)
                    .isBetween(all, all.multipliedBy(2).plusSeconds(1));
        }
    }

    @Test
    void nothing_is_asked_of_the_queue_where_nobody_waits() {
        try (DynamoBackend backend = log.open()) {
            backend.append(TestLog.append("s", ExpectedVersion.any(), TestLog.event()));
            assertThat(tail()).doesNotContainKey(DynamoLayout.WAITING);
        }
    }

    @Test
    void dynamodb_understands_what_is_asked_of_the_queue() {
        try (DynamoBackend backend = log.open()) {
            wait("gone", "too");
            backend.append(TestLog.append("s", ExpectedVersion.any(), TestLog.event()));
            assertThat(tail().get(DynamoLayout.WAITING).l()).isEmpty();
            backend.append(TestLog.append("s", ExpectedVersion.exactly(1), TestLog.event()));
            assertThat(DynamoLayout.number(tail(), DynamoLayout.GROUP)).isEqualTo(2);
        }
    }

    @Test
    void three_processes_without_pause_all_come_to_their_turn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        AtomicBoolean over = new AtomicBoolean();
        try {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                DynamoBackend backend = log.open();
                String stream = "s-" + i;
                done.add(threads.submit(() -> {
                    int appends = 0;
                    while (appends < 20 && !over.get()) {
                        Result<AppendOutcome> result = backend.appender()
                                .commit(List.of(
                                        TestLog.append(stream, ExpectedVersion.exactly(appends), TestLog.event())))
                                .get(0);
                        over.compareAndSet(false, !(result instanceof Result.Outcome<AppendOutcome>));
                        appends++;
                    }
                    return appends;
                }));
            }
            for (Future<Integer> one : done) {
                assertThat(one.get()).isEqualTo(20);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(over).isFalse();
    }

    private Map<String, AttributeValue> tail() {
        return log.client()
                .getItem(request -> request.tableName(log.table())
                        .key(DynamoLayout.TAIL.attributes())
                        .consistentRead(true))
                .item();
    }

    private void wait(String... names) {
        List<AttributeValue> all = new ArrayList<>();
        for (String name : names) {
            all.add(AttributeValue.fromS(name));
        }
        log.client()
                .updateItem(request -> request.tableName(log.table())
                        .key(DynamoLayout.TAIL.attributes())
                        .updateExpression("SET " + DynamoLayout.WAITING + " = :all")
                        .expressionAttributeValues(Map.of(":all", AttributeValue.fromL(all))));
    }
}
