package dev.polylog.dynamodb;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One seed: a process that appends without pause, and some that append now and then. All must come to their turn. */
final class SimTurns {

    /** So many groups of others may go before an append: some until it queues, some until it is in the queue. */
    static final int MOST_GROUPS = 24;

    /** Whoever is farther away than the other takes to go on never meets the tail that it was told of. */
    private static final Duration FAR = Duration.ofMillis(15);

    private static final int NOW_AND_THEN = 2;
    private static final int APPENDS = 6;

    private final UnaryOperator<DynamoDbClient> tamper;
    private final VirtualWorld world;
    private final SimTable table = new SimTable();
    private final List<String> complaints = new ArrayList<>();
    private int left = NOW_AND_THEN;
    private long longest;

    SimTurns(long seed, UnaryOperator<DynamoDbClient> tamper) {
        this.tamper = tamper;
        this.world = new VirtualWorld(seed);
    }

    /** What is wrong; empty if all is well. */
    List<String> play() throws InterruptedException {
        List<Runnable> tasks = new ArrayList<>();
        tasks.add(() -> {
            DynamoBackend backend = open(Duration.ZERO);
            while (left > 0) {
                append(backend, "without pause");
            }
        });
        for (int i = 0; i < NOW_AND_THEN; i++) {
            String name = "now and then " + i;
            tasks.add(() -> {
                DynamoBackend backend = open(FAR);
                for (int n = 0; n < APPENDS; n++) {
                    world.sleep(Duration.ofMillis(world.dice().nextInt(100)));
                    long before = groups();
                    longest = Math.max(longest, append(backend, name) - before - 1);
                }
                left--;
            });
        }
        world.run(tasks);
        if (longest > MOST_GROUPS) {
            complaints.add("an append waited for " + longest + " groups of others");
        }
        return complaints;
    }

    /** How many groups the one that waited longest let pass. */
    long longest() {
        return longest;
    }

    /** Appends alone while processes wait that are no more; how long that takes, for each append. */
    List<Duration> playBehindTheDead(int dead, int appends) throws InterruptedException {
        List<Duration> times = new ArrayList<>();
        world.run(List.of(() -> {
            DynamoBackend backend = open(Duration.ZERO);
            Map<String, AttributeValue> tail = new HashMap<>(table.get(DynamoLayout.TAIL));
            List<AttributeValue> waiting = new ArrayList<>();
            for (int i = 0; i < dead; i++) {
                waiting.add(AttributeValue.fromS("dead " + i));
            }
            tail.put(DynamoLayout.WAITING, AttributeValue.fromL(waiting));
            table.put(tail);
            for (int i = 0; i < appends; i++) {
                long begin = world.nanoTime();
                append(backend, "alone");
                times.add(Duration.ofNanos(world.nanoTime() - begin));
            }
        }));
        return times;
    }

    List<String> complaints() {
        return complaints;
    }

    /** Who is in the queue now. */
    List<String> waiting() {
        return DynamoTail.of("simulated", table.get(DynamoLayout.TAIL)).waiting();
    }

    private DynamoBackend open(Duration distance) {
        DynamoDbClient client = tamper.apply(new SimClient(table, world).far(distance));
        DynamoConfig config = DynamoConfig.builder(client, "simulated")
                .callTimeout(Duration.ofMillis(300))
                .build();
        return DynamoBackend.open(config, client, world, Runnable::run, () -> {});
    }

    private long groups() {
        return Optional.ofNullable(table.get(DynamoLayout.TAIL))
                .map(item -> DynamoLayout.number(item, DynamoLayout.GROUP))
                .orElse(0L);
    }

    /** Appends an event, and says in which group. */
    private long append(DynamoBackend backend, String name) {
        AppendCommand command =
                AppendCommand.of(StreamId.of(name), ExpectedVersion.any(), List.of(EventData.json("Tested", "{}")));
        Result<AppendOutcome> result =
                backend.appender().commit(List.of(command)).get(0);
        if (result instanceof Result.Outcome<AppendOutcome> outcome
                && outcome.value() instanceof AppendOutcome.Appended appended) {
            return appended.result().position().high();
        }
        complaints.add("an append was given up: " + result);
        left = 0;
        return 0;
    }
}
