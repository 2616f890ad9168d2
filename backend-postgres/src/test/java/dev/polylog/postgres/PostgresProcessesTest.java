package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.servers.postgres.PostgresAccess;
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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes append to the same streams; the history checker judges what both were told. */
@Tag("raced")
class PostgresProcessesTest {

    private static final int PROCESSES = 2;
    private static final int THREADS = 4;
    private static final int OPERATIONS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @TempDir
    Path folder;

    private final List<ChildJvm> processes = new ArrayList<>();

    @AfterEach
    void endChildren() {
        processes.forEach(ChildJvm::close);
    }

    @Test
    void what_two_processes_were_told_agrees_with_one_order_of_all_appends() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        PostgresBackend backend = LOG.open();
        List<Operation> operations = run(seed);
        assertThat(operations).hasSizeGreaterThanOrEqualTo(PROCESSES * THREADS * OPERATIONS);
        assertThat(conflicts(operations)).as("the processes met, seed %d", seed).isPositive();
        assertThat(new HistoryChecker(backend.traits())
                        .check(operations, LogImage.read(backend, new History(Position.START))))
                .as("seed %d", seed)
                .isEmpty();
    }

    private static long conflicts(List<Operation> operations) {
        return operations.stream()
                .filter(operation -> operation.action() instanceof Action.Append
                        && ((Outcome.Decided) operation.outcome()).outcome() instanceof AppendOutcome.Conflict)
                .count();
    }

    private List<Operation> run(long seed) throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            start(folder.resolve("history-" + i), seed + i);
        }
        for (int i = 0; i < PROCESSES; i++) {
            processes.get(i).awaitFile(folder.resolve("history-" + i + ".ready"), PATIENCE);
        }
        for (int i = 0; i < PROCESSES; i++) {
            Files.createFile(folder.resolve("history-" + i + ".go"));
        }
        List<Operation> operations = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            processes.get(i).awaitSuccess(PATIENCE);
            operations.addAll(HistoryFile.read(folder.resolve("history-" + i), "process " + i));
        }
        return operations;
    }

    private void start(Path file, long seed) throws IOException {
        PostgresAccess access = LOG.access();
        ProcessBuilder command = ChildJvm.command(
                List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"),
                HistoryChild.class,
                file.toString(),
                String.valueOf(seed),
                String.valueOf(THREADS),
                String.valueOf(OPERATIONS));
        command.environment()
                .put(
                        HistoryChild.URL,
                        access.url()
                                .replaceFirst("@", ":" + (access.password() == null ? "" : access.password()) + "@"));
        processes.add(ChildJvm.start(command, Path.of(file + ".out")));
    }
}
