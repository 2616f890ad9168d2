package dev.polylog.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallHeapTest {

    private static final int EVENTS = Integer.getInteger("polylog.heap.events", 1_000_000);
    private static final int PATIENCE_MINUTES = 10;

    @Test
    void a_million_events_are_read_and_handled_in_a_heap_of_64_mb(@TempDir Path folder) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MillionEvents.class.getName(),
                        "sqlite:" + folder.resolve("many.db"),
                        String.valueOf(EVENTS))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as(() -> "it ends; so far: " + text(output))
                    .isTrue();
            String text = text(output);
            System.out.print(text);
            assertThat(process.exitValue()).as(text).isZero();
            assertThat(List.of(text.split("\n")))
                    .anyMatch(
                            line -> line.startsWith(MillionEvents.DONE + " " + EVENTS + " and " + EVENTS + " events"));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String text(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return "(no output: " + e + ")";
        }
    }
}
