package dev.polylog.postgres;

import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.spi.Registration;
import dev.polylog.spi.support.SignalListeners;
import java.time.Duration;

/**
 * Tells listeners that the log grew: at once where this process wrote, else when {@link PostgresWatcher} hears or sees
 * that another one did. {@link PostgresNotifier} lets the others hear of what this one wrote.
 *
 * <p>The watcher lives only while somebody listens. Thread-safe. Rules N-01, N-02, K-03.
 */
final class PostgresSignal {

    private final PostgresConfig config;
    private final PostgresNotifier notifier;
    private final SignalListeners listeners;

    PostgresSignal(PostgresConfig config, PostgresConnections connections) {
        this.config = config;
        this.listeners = new SignalListeners(tell -> PostgresWatcher.start(config, connections, tell));
        this.notifier = new PostgresNotifier(config, connections, listeners::tell);
    }

    /** The channel on which processes tell each other that the log in a schema grew. */
    static String channel(String schema) {
        return "polylog_" + schema;
    }

    /** This process wrote events up to here. Returns at once. */
    void grown(long position) {
        if (config.signal() == Signalling.LISTEN || !listeners.isEmpty()) {
            notifier.grown(position);
        }
    }

    Registration listen(Runnable runnable) {
        return listeners.listen(runnable);
    }

    /** Forgets all listeners and ends the threads. */
    void close(Duration bound) {
        listeners.close(bound);
        notifier.close(bound);
    }
}
