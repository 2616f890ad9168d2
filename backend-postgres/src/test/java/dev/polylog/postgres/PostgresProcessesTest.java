package dev.polylog.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.servers.postgres.PostgresAccess;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.Action;
import dev.polylog.tck.history.History;
import dev.polylog.tck.history.HistoryChecker;
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
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
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

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void what_two_processes_were_told_agrees_with_one_order_of_all_appends() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        PostgresBackend backend = LOG.open();
        List<Operation> operations = new ArrayList<>();
        for (List<String> lines : run(seed)) {
            String process = "process " + operations.size();
            for (String line : lines) {
                operations.add(HistoryLines.operation(operations.size() + 1L, process, line));
            }
        }
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

    private List<List<String>> run(long seed) throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            start(folder.resolve("history-" + i), seed + i);
        }
        for (int i = 0; i < PROCESSES; i++) {
            Path ready = folder.resolve("history-" + i + ".ready");
            Process process = processes.get(i);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(ready) || !process.isAlive());
        }
        for (int i = 0; i < PROCESSES; i++) {
            Files.createFile(folder.resolve("history-" + i + ".go"));
        }
        List<List<String>> histories = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(processes.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(processes.get(i).exitValue())
                    .as("%s", Files.readString(folder.resolve("history-" + i + ".err")))
                    .isZero();
            histories.add(Files.readAllLines(folder.resolve("history-" + i)));
        }
        return histories;
    }

    private void start(Path file, long seed) throws IOException {
        PostgresAccess access = LOG.access();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HistoryChild.class.getName(),
                        file.toString(),
                        String.valueOf(seed),
                        String.valueOf(THREADS),
                        String.valueOf(OPERATIONS))
                .redirectErrorStream(true)
                .redirectOutput(Path.of(file + ".err").toFile());
        builder.environment()
                .put(
                        HistoryChild.URL,
                        access.url()
                                .replaceFirst("@", ":" + (access.password() == null ? "" : access.password()) + "@"));
        processes.add(builder.start());
    }
}
