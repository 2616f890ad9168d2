package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    private static final long SEED = 4711;
    private static final int KILLS = 4;

    @TempDir
    private Path folder;

    private Process importer(Path database, Path file) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "-s",
                        "sqlite:" + database,
                        "import",
                        file.toString())
                .redirectOutput(new File(folder.toFile(), "out"))
                .redirectError(new File(folder.toFile(), "err"))
                .start();
    }

    /** Waits until the import has stored something since, so that the kill hits it at work. */
    private static void awaitWork(Process process, Path database, long sizeBefore) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (process.isAlive() && size(database) <= sizeBefore) {
            assertThat(System.nanoTime()).as("waited for two minutes").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private static long size(Path database) throws IOException {
        Path log = database.resolveSibling(database.getFileName() + "-wal");
        return (Files.exists(database) ? Files.size(database) : 0) + (Files.exists(log) ? Files.size(log) : 0);
    }

    @Test
    void an_import_that_is_killed_again_and_again_ends_with_the_same_content() throws Exception {
        Path file = Files.write(folder.resolve("log.jsonl"), OrderLog.bytes(OrderLog.lines(SEED, 20_000)));
        Random random = new Random(SEED);
        Path database = folder.resolve("killed.db");
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process process = importer(database, file);
            awaitWork(process, database, size(database));
            Thread.sleep(random.nextInt(300));
            killed += process.isAlive() ? 1 : 0;
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(killed).as("kills that hit a running import, seed %d", SEED).isPositive();

        Process last = importer(database, file);
        assertThat(last.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(last.exitValue()).as(Files.readString(folder.resolve("err"))).isZero();
        Cli whole = Cli.on(folder.resolve("whole.db"));
        whole.done("import", "--verify", file.toString());
        assertThat(Cli.on(database).digest()).isEqualTo(whole.digest());
        assertThat(Cli.on(database).done("verify").out()).contains("\"events\":20000", "\"findings\":[]");
    }
}
