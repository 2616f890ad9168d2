package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.faults.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A view is made anew from a log many times the size of the JVM's heap.
 *
 * <p>How fast that goes is printed; to measure it with ordinary events, {@code -Dpolylog.rebuild.events=1000000} and
 * {@code -Dpolylog.rebuild.payload=300}.
 */
class KafkaRebuildTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    private static final int EVENTS = Integer.getInteger("polylog.rebuild.events", 15_360);
    private static final int PAYLOAD = Integer.getInteger("polylog.rebuild.payload", 25_000);
    private static final int APPEND_BYTES = 1_000_000;
    private static final int EVENT_OVERHEAD = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void a_view_is_made_anew_in_a_heap_of_64_mb_however_long_the_log_is() throws Exception {
        KafkaBackend backend = TOPIC.open();
        write(backend);
        ProcessBuilder command = ChildJvm.command(
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"), RebuildChild.class, TOPIC.url());
        try (ChildJvm child = ChildJvm.start(command, folder.resolve("output.txt"))) {
            child.awaitSuccess(PATIENCE);
            String text = Files.readString(child.output());
            System.out.print(text);
            assertThat(text)
                    .contains(RebuildChild.DONE + ": " + EVENTS + " events, hash "
                            + backend.viewStatus().hash());
        }
    }

    private static void write(KafkaBackend backend) {
        byte[] random = new byte[1 << 20];
        new Random(1).nextBytes(random);
        int most = Math.min(TestTopic.LIMITS.maxEventsPerAppend(), APPEND_BYTES / (PAYLOAD + EVENT_OVERHEAD));
        int events = 0;
        for (int append = 0; events < EVENTS; append++) {
            EventData[] some = new EventData[Math.min(most, EVENTS - events)];
            for (int i = 0; i < some.length; i++) {
                int from = 31 * (events + i) % (random.length - PAYLOAD);
                Payload payload = Payload.of(Arrays.copyOfRange(random, from, from + PAYLOAD));
                some[i] = new EventData(
                        UUID.randomUUID(), "Tested", EventData.JSON, payload, Metadata.of("trace", "x".repeat(88)));
            }
            assertThat(backend.append(TestTopic.append("s-" + append, ExpectedVersion.noStream(), some)))
                    .isInstanceOf(AppendOutcome.Appended.class);
            events += some.length;
        }
        backend.status(); // reads everything that is there
    }
}
