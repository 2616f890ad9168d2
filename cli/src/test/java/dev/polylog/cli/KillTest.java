package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.faults.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    private static final long SEED = 4711;
    private static final int KILLS = 4;

    @TempDir
    private Path folder;

    private ChildJvm importer(Path database, Path file) throws IOException {
        ProcessBuilder command = ChildJvm.command(
                List.of("-XX:TieredStopAtLevel=1"), Main.class, "-s", "sqlite:" + database, "import", file.toString());
        return ChildJvm.start(command, folder.resolve("out"));
    }

    /** Waits until the import has stored something since, so that the kill hits it at work. */
    private static void awaitWork(ChildJvm process, Path database, long sizeBefore) throws Exception {
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
            long sizeBefore = size(database);
            try (ChildJvm process = importer(database, file)) {
                awaitWork(process, database, sizeBefore);
                Thread.sleep(random.nextInt(300));
                killed += process.isAlive() ? 1 : 0;
                process.kill();
            }
        }
        assertThat(killed).as("kills that hit a running import, seed %d", SEED).isPositive();

        try (ChildJvm last = importer(database, file)) {
            last.awaitSuccess(Duration.ofMinutes(5));
        }
        Cli whole = Cli.on(folder.resolve("whole.db"));
        whole.done("import", "--verify", file.toString());
        assertThat(Cli.on(database).digest()).isEqualTo(whole.digest());
        assertThat(Cli.on(database).done("verify").out()).contains("\"events\":20000", "\"findings\":[]");
    }
}
