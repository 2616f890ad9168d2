package dev.polylog.sqlite;

import dev.polylog.StoreClosed;
import dev.polylog.spi.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners that the log grew: at once where this process wrote, else when {@link SqliteWatcher} finds that another
 * one did.
 *
 * <p>The watcher's thread lives only while somebody listens. It calls the listeners; what comes while it calls them is
 * merged. Thread-safe. Rules N-01, N-02, K-03.
 */
final class SqliteSignal {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteSignal.class);

    /** How long the closer of a registration waits for a call that has begun. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(1);

    private final SqliteConfig config;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable SqliteWatcher watcher;
    private boolean closed;

    SqliteSignal(SqliteConfig config) {
        this.config = config;
    }

    /** This process wrote events up to here. Returns at once. */
    void grown(long position) {
        SqliteWatcher watching = watcher;
        if (watching != null) {
            watching.grown(position);
        }
    }

    synchronized Registration listen(Runnable runnable) {
        if (closed) {
            throw new StoreClosed();
        }
        Listener listener = new Listener(runnable);
        listeners.add(listener);
        if (watcher == null) {
            watcher = SqliteWatcher.start(config, this::tell);
        }
        return () -> forget(listener);
    }

    private void tell() {
        listeners.forEach(Listener::call);
    }

    private void forget(Listener listener) {
        synchronized (this) {
            listeners.remove(listener);
            SqliteWatcher watching = watcher;
            if (listeners.isEmpty() && watching != null) {
                watching.stop();
                watcher = null;
            }
        }
        listener.close();
    }

    /** Forgets all listeners and waits for the thread to end. */
    void close(Duration bound) {
        SqliteWatcher watching;
        synchronized (this) {
            closed = true;
            listeners.clear();
            watching = watcher;
            watcher = null;
        }
        if (watching != null) {
            watching.stop();
            watching.join(bound);
        }
    }

    /** Somebody who wants to be told, until its registration is closed. */
    private static final class Listener {

        private final Runnable runnable;
        private final ReentrantLock calling = new ReentrantLock();
        private volatile boolean open = true;

        Listener(Runnable runnable) {
            this.runnable = runnable;
        }

        void call() {
            calling.lock();
            try {
                if (open) {
                    runnable.run();
                }
            } catch (RuntimeException e) {
                LOG.warn("a listener threw, which it must not; the others are called all the same", e);
            } finally {
                calling.unlock();
            }
        }

        /** Waits for a call that has begun, but not for ever: the listener might wait for us. */
        void close() {
            open = false;
            try {
                if (calling.tryLock(CALL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    calling.unlock();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
