package dev.polylog.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.faults.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallHeapTest {

    private static final int EVENTS = Integer.getInteger("polylog.heap.events", 1_000_000);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Test
    void a_million_events_are_read_and_handled_in_a_heap_of_64_mb(@TempDir Path folder) throws Exception {
        ProcessBuilder command = ChildJvm.command(
                List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"),
                MillionEvents.class,
                "sqlite:" + folder.resolve("many.db"),
                String.valueOf(EVENTS));
        try (ChildJvm process = ChildJvm.start(command, folder.resolve("output.txt"))) {
            process.awaitSuccess(PATIENCE);
            String text = Files.readString(process.output());
            System.out.print(text);
            assertThat(List.of(text.split("\n")))
                    .anyMatch(
                            line -> line.startsWith(MillionEvents.DONE + " " + EVENTS + " and " + EVENTS + " events"));
        }
    }
}
