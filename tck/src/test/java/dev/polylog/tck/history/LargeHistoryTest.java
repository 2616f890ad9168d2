package dev.polylog.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LargeHistoryTest {

    private static final int OPERATIONS = 1_000_000;
    private static final int CLIENTS = 4;
    private static final EventData EVENT = EventData.json("Large", "{}");

    @Test
    void a_million_operations_of_concurrent_clients_are_recorded_and_judged() throws InterruptedException {
        try (MemoryBackend backend = MemoryBackend.create()) {
            History history = new History(Position.START);
            long began = System.nanoTime();
            Thread[] clients = new Thread[CLIENTS];
            for (int i = 0; i < CLIENTS; i++) {
                RecordingBackend recording = new RecordingBackend(backend, history, "c" + i);
                Random random = new Random(i);
                clients[i] = new Thread(() -> load(recording, random));
                clients[i].start();
            }
            for (Thread client : clients) {
                client.join();
            }
            long recorded = System.nanoTime();
            List<Operation> operations = history.operations();
            LogImage log = LogImage.read(backend, history);
            long read = System.nanoTime();
            List<Violation> violations = new HistoryChecker(backend.traits()).check(operations, log);
            long judged = System.nanoTime();
            System.out.printf(
                    "%,d operations, %,d events: made and recorded in %,d ms, read in %,d ms, judged in %,d ms%n",
                    operations.size(),
                    log.entries().size(),
                    (recorded - began) / 1_000_000,
                    (read - recorded) / 1_000_000,
                    (judged - read) / 1_000_000);
            assertThat(operations).hasSize(OPERATIONS);
            assertThat(violations).isEmpty();
        }
    }

    private static void load(RecordingBackend backend, Random random) {
        for (int i = 0; i < OPERATIONS / CLIENTS; i++) {
            StreamId stream = StreamId.of("s-" + random.nextInt(5_000));
            int kind = random.nextInt(10);
            if (kind < 7) {
                long version = random.nextInt(4) * 3L;
                ExpectedVersion expected =
                        random.nextBoolean() ? ExpectedVersion.any() : ExpectedVersion.exactly(version);
                EventData event = EVENT.withId(new UUID(random.nextLong(), random.nextLong()));
                backend.append(AppendCommand.of(stream, expected, List.of(event)));
            } else if (kind < 9) {
                backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1));
            } else {
                backend.readAll(LogRead.before(Position.END, 3));
            }
        }
    }
}
