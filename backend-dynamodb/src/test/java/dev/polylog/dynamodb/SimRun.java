package dev.polylog.dynamodb;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.GroupCommit.Result;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** One seed: some processes on one table, troubled or not, and what the history checker says of what they were told. */
final class SimRun {

    private static final int PROCESSES = 3;
    private static final int STEPS = 8;

    private final long seed;
    private final UnaryOperator<DynamoDbClient> tamper;
    private final VirtualWorld world;
    private final SimTable table = new SimTable();
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, Integer> tally = new TreeMap<>();

    SimRun(long seed, UnaryOperator<DynamoDbClient> tamper) {
        this.seed = seed;
        this.tamper = tamper;
        this.world = new VirtualWorld(seed);
    }

    private DynamoBackend open(SimClient simulated) {
        DynamoDbClient client = tamper.apply(simulated);
        DynamoConfig config = DynamoConfig.builder(client, "simulated")
                .timeout(Duration.ofSeconds(2))
                .callTimeout(Duration.ofMillis(300))
                .build();
        return DynamoBackend.open(config, client, world, Runnable::run, () -> {});
    }

    /** What is wrong; empty if all is well. */
    List<String> play() throws InterruptedException {
        History history = new History(Position.START, world::nanoTime);
        // A quarter of the seeds are without trouble: there every call must be decided.
        boolean calm = seed % 4 == 0;
        int trouble = calm ? 0 : 2 + world.dice().nextInt(25);
        List<SimProcess> processes = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            SimProcess process =
                    new SimProcess(() -> open(client(trouble, calm)), history, world.dice(), "process " + i);
            processes.add(process);
            tasks.add(() -> process.live(STEPS));
        }
        // What one thread of a process sees, another may go on from.
        if (seed % 3 == 0) {
            tasks.add(() -> processes.get(0).look(3 * STEPS, Duration.ofMillis(20), world));
        }
        world.run(tasks);
        processes.forEach(process -> process.tally().forEach((what, times) -> tally.merge(what, times, Integer::sum)));
        if (calm && processes.stream().anyMatch(process -> process.undecided() > 0)) {
            complaints.add("a call was not decided, although nothing was wrong");
        }
        world.run(List.of(() -> judge(history)));
        return complaints;
    }

    /** How often what happened. */
    Map<String, Integer> tally() {
        return tally;
    }

    private SimClient client(int trouble, boolean calm) {
        SimClient client = new SimClient(table, world).trouble(trouble);
        return calm ? client : client.mortal();
    }

    private void judge(History history) {
        DynamoBackend backend = open(new SimClient(table, world));
        StreamId last = StreamId.of("last");
        AppendCommand command =
                AppendCommand.of(last, ExpectedVersion.noStream(), List.of(EventData.json("Ended", "{}")));
        Result<AppendOutcome> result =
                backend.appender().commit(List.of(command)).get(0);
        if (!(result instanceof Result.Outcome<AppendOutcome> outcome
                && outcome.value() instanceof AppendOutcome.Appended)) {
            complaints.add("nothing can be appended any more: " + result);
        }
        for (Violation violation : new HistoryChecker(backend.traits()).check(history, backend)) {
            complaints.add(violation.toString());
        }
    }
}
