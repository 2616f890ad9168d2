package dev.polylog.kafka;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StoreUnavailable;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.history.HistoryFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process that appends to streams which others want as well, until a file says stop; then it tells the hash of its view.
 * Arguments: URL, folder, its own name, seed.
 */
final class JournalChild {

    private static final int THREADS = 2;
    private static final int STREAMS = 3;

    private JournalChild() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        String name = arguments[2];
        Random random = new Random(Long.parseLong(arguments[3]));
        ExecutorService threads = Executors.newCachedThreadPool();
        try (KafkaBackend backend = KafkaBackend.open(KafkaConfig.parse(BackendUrl.parse(arguments[0])));
                HistoryFile history = new HistoryFile(folder.resolve(name))) {
            LogBackend recorded = history.recording(backend);
            Files.createFile(folder.resolve(name + ".ready"));
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random own = new Random(random.nextLong());
                clients.add(threads.submit(() -> work(recorded, folder, own)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
            Files.createFile(folder.resolve(name + ".rest"));
            await(folder.resolve("tell"));
            backend.status(); // reads everything that is there
            ViewStatus view = backend.viewStatus();
            Files.writeString(folder.resolve(name + ".hash"), view.nextOffset() + " " + view.hash());
        } finally {
            threads.shutdown();
        }
    }

    private static void work(LogBackend backend, Path folder, Random random) {
        long[] versions = new long[STREAMS];
        while (!Files.exists(folder.resolve("stop"))) {
            int stream = random.nextInt(STREAMS);
            EventData[] events = new EventData[1 + random.nextInt(3)];
            for (int i = 0; i < events.length; i++) {
                events[i] = TestTopic.event();
            }
            versions[stream] = append(backend, "shared-" + stream, versions[stream], events);
        }
    }

    /** Returns the version that the stream has as far as the answer tells. */
    private static long append(LogBackend backend, String stream, long version, EventData... events) {
        try {
            AppendOutcome outcome = backend.append(TestTopic.append(stream, ExpectedVersion.exactly(version), events));
            return outcome instanceof AppendOutcome.Appended appended
                    ? appended.result().version()
                    : ((AppendOutcome.Conflict) outcome).actual();
        } catch (StoreUnavailable | AppendOutcomeUnknown e) {
            return version;
        }
    }

    private static void await(Path file) throws InterruptedException {
        while (!Files.exists(file)) {
            Thread.sleep(5);
        }
    }
}
