package dev.polylog.eventstoredb;

import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.KurrentDBConnectionString;
import io.kurrent.dbclient.StreamState;
import java.util.List;

/** A log whose layout is of a version that nobody knows yet. */
final class NewerLog {

    private NewerLog() {}

    static LogBackend open(KurrentVersion version) {
        try (KurrentServer server = KurrentServers.own(version)) {
            KurrentDBClient client = KurrentDBClient.create(KurrentDBConnectionString.parseOrThrow(server.url()));
            client.appendToStream(
                            KurrentLayout.LOG_STREAM,
                            AppendToStreamOptions.get().streamState(StreamState.noStream()),
                            List.of(KurrentLayout.identity(KurrentLayout.VERSION + 1, "newer"))
                                    .iterator())
                    .join();
            client.shutdown().join();
            return KurrentBackend.open(KurrentConfig.parse(BackendUrl.parse(server.url())));
        }
    }
}
