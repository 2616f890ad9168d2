package dev.polylog.eventstoredb;

import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.spi.Registration;
import dev.polylog.spi.support.ThreadEnd;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners that the log grew: at once where this process wrote, through a subscription where another one did, and
 * by looking at the head once a second all the same. The client's subscriptions may die without a word; one that is silent
 * while the head moves is replaced.
 *
 * <p>Its thread and its subscription live only while somebody listens. Thread-safe. Rules N-01, N-02, K-03.
 */
final class KurrentSignal {

    /** How long growth may go unnoticed where the subscription fails. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** A subscription that has not shown by then what the head shows is dead. */
    private static final int SILENT_LOOKS = 3;

    private static final Logger LOG = LoggerFactory.getLogger(KurrentSignal.class);

    private final KurrentConfig config;
    private final KurrentClients clients;
    private final KurrentHead head;
    private final KurrentListeners listeners = new KurrentListeners();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private @Nullable Thread thread;
    private boolean closed;

    KurrentSignal(KurrentConfig config, KurrentClients clients, KurrentHead head) {
        this.config = config;
        this.clients = clients;
        this.head = head;
    }

    /** This process wrote. */
    void grown() {
        listeners.tell();
    }

    Registration listen(Runnable runnable) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            KurrentListeners.Listener listener = listeners.add(runnable);
            if (thread == null) {
                thread = new Thread(this::watch, "polylog-kurrent-signal");
                thread.setDaemon(true);
                thread.start();
            }
            return () -> forget(listener);
        } finally {
            lock.unlock();
        }
    }

    private void forget(KurrentListeners.Listener listener) {
        listeners.remove(listener);
        lock.lock();
        try {
            if (listeners.isEmpty()) {
                wake.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends with the last listener; a later one begins anew. */
    private void watch() {
        KurrentListening listening = new KurrentListening(config, clients, this::grown);
        try {
            Position told = Position.START;
            int silent = 0;
            while (goesOn()) {
                listening.ensure();
                Position now = look(told);
                silent = now.isAfter(listening.seen()) && !listening.seen().equals(Position.START) ? silent + 1 : 0;
                if (now.isAfter(told)) {
                    told = now;
                    listeners.tell();
                }
                if (silent >= SILENT_LOOKS) {
                    LOG.debug("{}: the subscription is silent while the head is {}", config.address(), now);
                    listening.renew();
                    silent = 0;
                }
                pause();
            }
        } finally {
            listening.close();
        }
    }

    private Position look(Position told) {
        try {
            return head.find();
        } catch (Failed | StoreClosed e) {
            LOG.debug("{}: the head cannot be read now", config.address(), e);
            return told;
        }
    }

    private void pause() {
        lock.lock();
        try {
            long remaining = INTERVAL.toNanos();
            while (!closed && !listeners.isEmpty() && remaining > 0) {
                remaining = wake.awaitNanos(remaining);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean goesOn() {
        lock.lock();
        try {
            boolean on =
                    !closed && !listeners.isEmpty() && !Thread.currentThread().isInterrupted();
            if (!on) {
                thread = null;
            }
            return on;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all listeners and ends the thread. */
    void close(Duration bound) {
        Thread watching;
        lock.lock();
        try {
            closed = true;
            listeners.clear();
            watching = thread;
            wake.signalAll();
        } finally {
            lock.unlock();
        }
        if (watching != null) {
            ThreadEnd.await(watching, bound);
        }
    }
}
