package dev.polylog.postgres;

import dev.polylog.StoreClosed;
import dev.polylog.postgres.PostgresConfig.Signalling;
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
 * Tells listeners that the log grew: at once where this process wrote, else when {@link PostgresWatcher} hears or sees
 * that another one did. {@link PostgresNotifier} lets the others hear of what this one wrote.
 *
 * <p>The watcher lives only while somebody listens. Thread-safe. Rules N-01, N-02, K-03.
 */
final class PostgresSignal {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSignal.class);

    /** How long the closer of a registration waits for a call that has begun. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(1);

    private final PostgresConfig config;
    private final PostgresConnections connections;
    private final PostgresNotifier notifier;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable PostgresWatcher watcher;
    private boolean closed;

    PostgresSignal(PostgresConfig config, PostgresConnections connections) {
        this.config = config;
        this.connections = connections;
        this.notifier = new PostgresNotifier(config, connections, this::tell);
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

    synchronized Registration listen(Runnable runnable) {
        if (closed) {
            throw new StoreClosed();
        }
        Listener listener = new Listener(runnable);
        listeners.add(listener);
        if (watcher == null) {
            watcher = PostgresWatcher.start(config, connections, this::tell);
        }
        return () -> forget(listener);
    }

    private void tell() {
        listeners.forEach(Listener::call);
    }

    private void forget(Listener listener) {
        synchronized (this) {
            listeners.remove(listener);
            PostgresWatcher watching = watcher;
            if (listeners.isEmpty() && watching != null) {
                watching.stop();
                watcher = null;
            }
        }
        listener.close();
    }

    /** Forgets all listeners and ends the threads. */
    void close(Duration bound) {
        PostgresWatcher watching;
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
        notifier.close(bound);
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
