package dev.polylog.postgres;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
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
 * A process that appends to streams which another one wants as well, and writes down what it was told, by the machine's
 * monotonic clock. Arguments: file, seed, threads, operations of each; the URL comes by the environment.
 */
final class HistoryChild {

    static final String URL = "POLYLOG_TEST_STORE";
    private static final int STREAMS = 3;

    private HistoryChild() {}

    public static void main(String[] arguments) throws Exception {
        Random random = new Random(Long.parseLong(arguments[1]));
        int count = Integer.parseInt(arguments[3]);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (PostgresBackend backend =
                        PostgresBackend.open(PostgresConfig.parse(BackendUrl.parse(System.getenv(URL))));
                HistoryFile history = new HistoryFile(Path.of(arguments[0]))) {
            LogBackend recorded = history.recording(backend);
            awaitOther(arguments[0]);
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                Random own = new Random(random.nextLong());
                clients.add(threads.submit(() -> work(recorded, own, count)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    /** Says that it is ready and waits until everybody is, so that they really meet. */
    private static void awaitOther(String file) throws Exception {
        Files.createFile(Path.of(file + ".ready"));
        while (!Files.exists(Path.of(file + ".go"))) {
            Thread.sleep(2);
        }
    }

    private static void work(LogBackend backend, Random random, int count) {
        for (int i = 0; i < count; i++) {
            StreamId stream = StreamId.of("shared-" + random.nextInt(STREAMS));
            if (random.nextInt(4) == 0) {
                backend.append(TestLog.append(stream.name(), ExpectedVersion.any(), TestLog.event()));
                continue;
            }
            long version = backend.readStream(StreamRead.backwards(stream, Long.MAX_VALUE, 1))
                    .streamVersion();
            backend.readStream(StreamRead.forwards(stream, Math.max(1, version - 3), 10));
            EventData[] events = new EventData[1 + random.nextInt(3)];
            for (int e = 0; e < events.length; e++) {
                events[e] = TestLog.event();
            }
            backend.append(TestLog.append(stream.name(), ExpectedVersion.exactly(version), events));
        }
    }
}
