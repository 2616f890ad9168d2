package dev.polylog.kafka;

import static dev.polylog.kafka.TestTopic.append;
import static dev.polylog.kafka.TestTopic.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.LogRead;
import dev.polylog.tck.faults.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A mirroring process is killed (-9) at random moments while events come: none is missing in the target or there twice. */
class KafkaMirrorKillTest {

    private static final int KILLS = Integer.getInteger("polylog.kills", 20) / 5;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @RegisterExtension
    final TestTopic topic = new TestTopic();

    @TempDir
    private Path folder;

    @Test
    void killed_at_any_moment_it_goes_on_exactly() throws Exception {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        String target = TestTopic.server().newTopic();
        KafkaBackend backend = topic.open();
        AtomicBoolean over = new AtomicBoolean();
        Thread writing = new Thread(() -> {
            while (!over.get()) {
                backend.append(append("s-" + UUID.randomUUID(), ExpectedVersion.any(), event(), event()));
                LockSupport.parkNanos(5_000_000); // leaves the processors to those who mirror
            }
        });
        writing.start();
        try {
            for (int kill = 0; kill < KILLS; kill++) {
                Path begun = folder.resolve("begun-" + kill);
                try (ChildJvm process = start(target, begun)) {
                    process.awaitFile(begun, PATIENCE);
                    Thread.sleep(random.nextInt(300));
                    process.kill();
                }
            }
        } finally {
            over.set(true);
            writing.join();
        }
        judge(backend, target, seed);
    }

    private void judge(KafkaBackend backend, String target, long seed) {
        assertThat(MirrorReader.events(target))
                .as("copied by those who were killed")
                .isNotEmpty();
        int copied;
        try (KafkaMirror mirror = KafkaMirror.open(topic.config().build(), target)) {
            do {
                copied = mirror.copyNext(Duration.ZERO);
            } while (copied > 0);
        }
        assertThat(MirrorReader.events(target).stream().map(MirrorRecords.Copied::position))
                .as("seed %d", seed)
                .containsExactlyElementsOf(backend.readAll(LogRead.after(Position.START, 1_000_000)).events().stream()
                        .map(RecordedEvent::position)
                        .toList());
    }

    private ChildJvm start(String target, Path begun) throws IOException {
        ProcessBuilder command = ChildJvm.command(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m"),
                MirrorChild.class,
                topic.url(),
                target,
                begun.toString());
        return ChildJvm.start(command, Path.of(begun + ".out"));
    }
}
