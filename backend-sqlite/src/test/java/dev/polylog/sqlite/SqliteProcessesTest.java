package dev.polylog.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.tck.faults.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several real processes on one file, also such as are killed. */
@Tag("raced")
class SqliteProcessesTest {

    private static final int LENGTH_OF_ID = 36;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    Path folder;

    private final List<ChildJvm> children = new ArrayList<>();

    @AfterEach
    void endChildren() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm start(String... arguments) throws IOException {
        ProcessBuilder command =
                ChildJvm.command(List.of("-XX:TieredStopAtLevel=1", "-Xmx64m"), LogChild.class, arguments);
        ChildJvm child = ChildJvm.start(command, folder.resolve("out-" + children.size()));
        children.add(child);
        return child;
    }

    /** The ids that a child acknowledged; a line that was cut by its death does not count. */
    private static List<UUID> acknowledged(ChildJvm child) throws IOException {
        return Files.readAllLines(child.output()).stream()
                .filter(line -> line.length() == LENGTH_OF_ID)
                .map(UUID::fromString)
                .toList();
    }

    @Test
    void ten_processes_make_one_log_and_none_of_their_appends_is_lost_or_doubled() throws Exception {
        Path file = folder.resolve("shared.db");
        int each = 15;
        for (int i = 0; i < 10; i++) {
            start("contend", file.toString(), String.valueOf(each));
        }
        Set<UUID> acknowledged = new HashSet<>();
        for (ChildJvm child : children) {
            child.awaitSuccess(PATIENCE);
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
            List<ChildJvm> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writers.add(start("write", file.toString(), String.valueOf(random.nextLong())));
            }
            for (ChildJvm child : writers) {
                Path output = child.output();
                child.awaitSign("acknowledgement", () -> output.toFile().length() > 0, PATIENCE);
                Thread.sleep(random.nextInt(100));
                child.kill();
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
