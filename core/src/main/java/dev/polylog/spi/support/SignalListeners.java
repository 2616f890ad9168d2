package dev.polylog.spi.support;

import dev.polylog.StoreClosed;
import dev.polylog.spi.Registration;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who want to be told that the log grew, and the watch that is kept for them.
 *
 * <p>Backends use it behind {@link dev.polylog.spi.LogBackend#signal(Runnable)}. The watch begins with the first listener
 * and ends with the last. A listener that throws is logged; the others are called all the same. Thread-safe. Rules N-01,
 * N-02, K-03.
 */
public final class SignalListeners {

    /** Watches the log on a thread of its own, from when it was made until it is stopped. Thread-safe. */
    public interface Watch {

        /** Ends the watch soon. */
        void stop();

        /**
         * Waits until the watch has ended; returns at once on the watch's own thread.
         *
         * @param bound how long to wait at most
         */
        void join(Duration bound);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SignalListeners.class);

    /** How long the closer of a registration waits for a call that has begun. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(1);

    private final Function<Runnable, ? extends Watch> begin;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Watch watch;
    private boolean closed;

    /**
     * Nobody listens yet.
     *
     * @param begin begins a watch that calls what it is given whenever the log has grown since
     */
    public SignalListeners(Function<Runnable, ? extends Watch> begin) {
        this.begin = begin;
    }

    /**
     * Adds a listener.
     *
     * @param runnable called on a thread of the watch, never twice at once; must return quickly
     * @return ends it: after its close returned the listener is not called again, unless a call takes over a second
     * @throws StoreClosed if this is closed
     */
    public synchronized Registration listen(Runnable runnable) {
        if (closed) {
            throw new StoreClosed();
        }
        if (watch == null) {
            watch = begin.apply(this::tell);
        }
        // The log may have grown since the watch began, unheard: whoever listens reads after this returned.
        Listener listener = new Listener(runnable);
        listeners.add(listener);
        return () -> forget(listener);
    }

    /** Calls all listeners. */
    public void tell() {
        listeners.forEach(Listener::call);
    }

    /**
     * Whether anybody listens.
     *
     * @return true where nobody does
     */
    public boolean isEmpty() {
        return listeners.isEmpty();
    }

    private void forget(Listener listener) {
        synchronized (this) {
            listeners.remove(listener);
            Watch watching = watch;
            if (listeners.isEmpty() && watching != null) {
                watching.stop();
                watch = null;
            }
        }
        listener.close();
    }

    /**
     * Forgets all listeners and waits for the watch to end.
     *
     * @param bound how long to wait at most
     */
    public void close(Duration bound) {
        Watch watching;
        synchronized (this) {
            closed = true;
            listeners.clear();
            watching = watch;
            watch = null;
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
