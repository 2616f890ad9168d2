package dev.polylog.sqlite;

import dev.polylog.spi.Registration;
import dev.polylog.spi.support.SignalListeners;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells listeners that the log grew: at once where this process wrote, else when {@link SqliteWatcher} finds that another
 * one did.
 *
 * <p>The watcher's thread lives only while somebody listens. It calls the listeners; what comes while it calls them is
 * merged. Thread-safe. Rules N-01, N-02, K-03.
 */
final class SqliteSignal {

    private final SignalListeners listeners;

    /** The last one that was started; one that has ended takes no harm from being told. */
    private volatile @Nullable SqliteWatcher watcher;

    SqliteSignal(SqliteConfig config) {
        this.listeners = new SignalListeners(tell -> {
            SqliteWatcher started = SqliteWatcher.start(config, tell);
            watcher = started;
            return started;
        });
    }

    /** This process wrote events up to here. Returns at once. */
    void grown(long position) {
        SqliteWatcher watching = watcher;
        if (watching != null) {
            watching.grown(position);
        }
    }

    Registration listen(Runnable runnable) {
        return listeners.listen(runnable);
    }

    /** Forgets all listeners and waits for the thread to end. */
    void close(Duration bound) {
        listeners.close(bound);
    }
}
