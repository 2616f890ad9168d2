package dev.polylog.eventstoredb;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who wants to be told that the log grew. Thread-safe. */
final class KurrentListeners {

    private static final Logger LOG = LoggerFactory.getLogger(KurrentListeners.class);

    /** How long the closer of a registration waits for a call that has begun. */
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(1);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    Listener add(Runnable runnable) {
        Listener listener = new Listener(runnable);
        listeners.add(listener);
        return listener;
    }

    void remove(Listener listener) {
        listeners.remove(listener);
        listener.close();
    }

    boolean isEmpty() {
        return listeners.isEmpty();
    }

    void clear() {
        listeners.clear();
    }

    void tell() {
        listeners.forEach(Listener::call);
    }

    /** Somebody who wants to be told, until its registration is closed. */
    static final class Listener {

        private final Runnable runnable;
        private final ReentrantLock calling = new ReentrantLock();
        private volatile boolean open = true;

        private Listener(Runnable runnable) {
            this.runnable = runnable;
        }

        private void call() {
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
        private void close() {
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
