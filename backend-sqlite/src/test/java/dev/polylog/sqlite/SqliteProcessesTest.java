package dev.polylog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes on one file, also such as are killed. */
@Tag("raced")
class SqliteProcessesTest {

    private static final int LENGTH_OF_ID = 36;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();
    private int outputs;

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    private record Child(Process process, Path output) {}

    private Child start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LogChild.class.getName()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("out-" + outputs++);
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("err-" + outputs).toFile())
                .start();
        processes.add(process);
        return new Child(process, output);
    }

    /** The ids that a child acknowledged; a line that was cut by its death does not count. */
    private static List<UUID> acknowledged(Child child) throws IOException {
        return Files.readAllLines(child.output()).stream()
                .filter(line -> line.length() == LENGTH_OF_ID)
                .map(UUID::fromString)
                .toList();
    }

    @Test
    void ten_processes_make_one_log_and_none_of_their_appends_is_lost_or_doubled() throws Exception {
        Path file = folder.resolve("shared.db");
        int each = 15;
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            children.add(start("contend", file.toString(), String.valueOf(each)));
        }
        Set<UUID> acknowledged = new HashSet<>();
        for (Child child : children) {
            assertThat(child.process().waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(child.process().exitValue()).isZero();
            acknowledged.addAll(acknowledged(child));
        }
        assertThat(acknowledged).hasSize(10 * each);
        try (EventStore store = EventStore.open("sqlite:" + file)) {
            List<RecordedEvent> events = read(store);
            assertThat(store.version(StreamId.of("Contended-1"))).isEqualTo(10L * each);
            assertThat(events).extracting(RecordedEvent::id).doesNotHaveDuplicates();
            assertThat(new HashSet<>(events.stream().map(RecordedEvent::id).toList()))
                    .isEqualTo(acknowledged);
        }
        checkOrder(file);
    }

    @Test
    void twenty_writers_are_killed_and_nothing_acknowledged_is_lost_doubled_or_torn() throws Exception {
        Path file = folder.resolve("killed.db");
        Random random = new Random(7);
        Set<UUID> acknowledged = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                children.add(start("write", file.toString(), String.valueOf(random.nextLong())));
            }
            for (Child child : children) {
                awaitFirstAcknowledgement(child);
                Thread.sleep(random.nextInt(100));
                child.process().destroyForcibly().waitFor();
                acknowledged.addAll(acknowledged(child));
            }
        }
        assertThat(acknowledged).hasSizeGreaterThan(20);
        try (EventStore store = EventStore.open("sqlite:" + file)) {
            List<RecordedEvent> events = read(store);
            assertThat(events).extracting(RecordedEvent::id).doesNotHaveDuplicates();
            assertThat(new HashSet<>(events.stream().map(RecordedEvent::id).toList()))
                    .containsAll(acknowledged);
            Map<String, Integer> sizes = new HashMap<>();
            events.forEach(event -> sizes.merge(event.metadata().get("append").orElseThrow(), 1, Integer::sum));
            assertThat(sizes).allSatisfy((append, size) -> assertThat(append).endsWith("/" + size));
        }
        checkOrder(file);
        assertThat(Databases.query(file, "pragma integrity_check")).isEqualTo("ok");
    }

    private static void awaitFirstAcknowledgement(Child child) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.size(child.output()) == 0) {
            assertThat(child.process().isAlive()).isTrue();
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private static List<RecordedEvent> read(EventStore store) {
        List<RecordedEvent> events = new ArrayList<>();
        store.readAll(ReadOptions.all()).forEach(events::add);
        return events;
    }

    /** Rules A-02 and G-01. */
    private static void checkOrder(Path file) {
        try (EventStore store = EventStore.open("sqlite:" + file)) {
            Map<StreamId, Long> versions = new HashMap<>();
            long position = 0;
            for (RecordedEvent event : read(store)) {
                assertThat(event.position().low()).isGreaterThan(position);
                position = event.position().low();
                assertThat(event.version()).isEqualTo(versions.merge(event.stream(), 1L, Long::sum));
            }
        }
    }
}
