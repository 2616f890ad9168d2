package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.faults.ChildJvm;
import dev.polylog.tck.history.Action;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
import dev.polylog.tck.history.HistoryFile;
import dev.polylog.tck.history.LogImage;
import dev.polylog.tck.history.Operation;
import dev.polylog.tck.history.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three processes append to the same streams with exact expectations while one is killed again and again (rule F-01). */
class KafkaProcessesTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    private static final int KILLS = Integer.getInteger("polylog.kills", 20) / 5;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private final Map<String, ChildJvm> all = new LinkedHashMap<>();

    @AfterEach
    void endChildren() {
        all.values().forEach(ChildJvm::close);
    }

    @Test
    void what_three_processes_were_told_agrees_with_one_order_and_their_views_are_the_same() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        KafkaBackend backend = TOPIC.open();
        List<String> living = new ArrayList<>(List.of(start(random), start(random), start(random)));
        for (String name : living) {
            await(name, ".ready");
        }
        for (int kill = 0; kill < KILLS; kill++) {
            Thread.sleep(200 + random.nextInt(600));
            all.get(living.remove(0)).kill();
            living.add(start(random));
            await(living.get(living.size() - 1), ".ready");
        }
        Thread.sleep(500);
        Files.createFile(folder.resolve("stop"));
        for (String name : living) {
            await(name, ".rest");
        }
        Files.createFile(folder.resolve("tell"));
        judge(backend, living, seed);
    }

    private void judge(KafkaBackend backend, List<String> living, long seed) throws Exception {
        for (String name : living) {
            all.get(name).awaitSuccess(PATIENCE);
        }
        backend.status();
        ViewStatus view = backend.viewStatus();
        for (String name : living) {
            assertThat(Files.readString(folder.resolve(name + ".hash")))
                    .as("the view of %s, seed %d", name, seed)
                    .isEqualTo(view.nextOffset() + " " + view.hash());
        }
        List<Operation> operations = new ArrayList<>();
        for (String name : all.keySet()) {
            operations.addAll(HistoryFile.read(folder.resolve(name), name));
        }
        assertThat(operations).as("conflicts, seed %d", seed).anyMatch(KafkaProcessesTest::isConflict);
        assertThat(operations)
                .anyMatch(operation -> operation.outcome() instanceof Outcome.Decided decided
                        && decided.outcome() instanceof AppendOutcome.Appended);
        assertThat(new HistoryChecker(backend.traits())
                        .check(operations, LogImage.read(backend, new History(Position.START))))
                .as("seed %d", seed)
                .isEmpty();
    }

    private static boolean isConflict(Operation operation) {
        return operation.action() instanceof Action.Append
                && operation.outcome() instanceof Outcome.Decided decided
                && decided.outcome() instanceof AppendOutcome.Conflict;
    }

    private void await(String name, String what) throws InterruptedException {
        all.get(name).awaitFile(folder.resolve(name + what), PATIENCE);
    }

    private String start(Random random) throws IOException {
        String name = "process-" + all.size();
        ProcessBuilder command = ChildJvm.command(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"),
                JournalChild.class,
                TOPIC.url(),
                folder.toString(),
                name,
                String.valueOf(random.nextLong()));
        all.put(name, ChildJvm.start(command, folder.resolve(name + ".out")));
        return name;
    }
}
