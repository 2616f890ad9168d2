package dev.polylog.eventstoredb;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendUrl;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBConnectionString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Shorthands of the tests; closes what it opened. */
final class KurrentLog implements AutoCloseable {

    private final List<AutoCloseable> open = new ArrayList<>();

    KurrentBackend open(String url) {
        return open(KurrentConfig.parse(BackendUrl.parse(url)));
    }

    KurrentBackend open(KurrentConfig config) {
        KurrentBackend backend = KurrentBackend.open(config);
        open.add(backend);
        return backend;
    }

    /** The plain client, as others use it. */
    KurrentDBClient client(String url) {
        KurrentDBClient client = KurrentDBClient.create(KurrentDBConnectionString.parseOrThrow(url));
        open.add(() -> await(client.shutdown()));
        return client;
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    static AppendCommand append(String stream, ExpectedVersion expected, EventData... events) {
        return AppendCommand.of(StreamId.of(stream), expected, List.of(events));
    }

    static EventData event() {
        return EventData.json("Tested", "{\"n\":1}");
    }

    /** The threads of clients, of their connections and of ours; the thread of a client that was ended ends with its garbage. */
    static long clientThreads() {
        System.gc();
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(thread -> thread.getName().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("esdb-client") || name.startsWith("polylog-kurrent"))
                .count();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable closing : open) {
            closing.close();
        }
    }
}
