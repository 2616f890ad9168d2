package dev.polylog.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

    @TempDir
    Path folder;

    @Test
    void theQuickstartPrintsTheEventByPositionAndByVersion() throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Quickstart.class.getName())
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(new File(folder.toFile(), "errors.txt"))
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output)).isEqualTo("1 OrderPlaced\n1 OrderPlaced {\"total\":12}\n");
        assertThat(process.exitValue()).isZero();
    }
}
