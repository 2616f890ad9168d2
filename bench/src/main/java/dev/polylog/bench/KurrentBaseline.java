package dev.polylog.bench;

import dev.polylog.eventstoredb.KurrentConfig;
import io.kurrent.dbclient.KurrentDBClient;
import java.util.concurrent.TimeUnit;

/**
 * What somebody would write who has KurrentDB's client and no library: one client for all, exact revisions, reads of whole
 * streams and of {@code $all}.
 *
 * <p>Thread-safe. Its events stay in the log, as the store's do: nothing removes an event there.
 */
final class KurrentBaseline implements Contender {

    private static final long SECONDS_TO_CLOSE = 10;

    private final KurrentDBClient client;

    KurrentBaseline(KurrentConfig config) {
        this.client = KurrentDBClient.create(config.settings());
    }

    @Override
    public String description() {
        return "the plain client";
    }

    @Override
    public boolean sharesLog() {
        return true;
    }

    @Override
    public Session session() {
        return new KurrentSession(client);
    }

    @Override
    public void close() throws Exception {
        client.shutdown().get(SECONDS_TO_CLOSE, TimeUnit.SECONDS);
    }
}
