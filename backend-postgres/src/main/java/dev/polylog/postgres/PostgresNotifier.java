package dev.polylog.postgres;

import dev.polylog.postgres.PostgresConfig.Signalling;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that spreads the news of what this process wrote: to its own listeners, then to other processes by NOTIFY,
 * at most once in {@link #LEAST_PAUSE}.
 *
 * <p>NOTIFY takes a lock of the whole server until its commit, so it is never part of an append. The thread begins with
 * the first append. A failed notification is dropped: looking makes up for it. Thread-safe.
 */
final class PostgresNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifier.class);

    private static final Duration LEAST_PAUSE = Duration.ofMillis(5);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final PostgresConfig config;
    private final PostgresConnections connections;
    private final Runnable tellOwn;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private long position;
    private long told;
    private boolean closed;
    private @Nullable Thread thread;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement notify;

    PostgresNotifier(PostgresConfig config, PostgresConnections connections, Runnable tellOwn) {
        this.config = config;
        this.connections = connections;
        this.tellOwn = tellOwn;
    }

    void grown(long upTo) {
        lock.lock();
        try {
            position = Math.max(position, upTo);
            if (thread == null && !closed) {
                thread = new Thread(this::run, "polylog-" + config.schema() + "-notifier");
                thread.setDaemon(true);
                thread.start();
            }
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (long upTo = next(); upTo > 0; upTo = next()) {
                tellOwn.run();
                boolean sent = config.signal() == Signalling.POLL || tellOthers(upTo);
                pause(sent ? LEAST_PAUSE : AFTER_FAILURE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    /** Waits for news; 0 when closed. */
    private long next() throws InterruptedException {
        lock.lock();
        try {
            while (position == told && !closed) {
                news.await();
            }
            told = position;
            return closed ? 0 : position;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration duration) throws InterruptedException {
        lock.lock();
        try {
            long left = duration.toNanos();
            while (left > 0 && !closed) {
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean tellOthers(long upTo) {
        try {
            PreparedStatement statement = notify;
            if (statement == null) {
                connection = connections.dedicated();
                // Nothing is lost with a notification: its commit need not wait for the disk and the standbys.
                statement =
                        connection.prepareStatement("select pg_catalog.set_config('synchronous_commit', 'off', true),"
                                + " pg_catalog.pg_notify(?, ?)");
                notify = statement;
            }
            statement.setString(1, PostgresSignal.channel(config.schema()));
            statement.setString(2, String.valueOf(upTo));
            statement.executeQuery().close();
            return true;
        } catch (SQLException e) {
            LOG.debug("{}: a notification got lost; listeners notice by looking", config.address(), e);
            disconnect();
            return false;
        }
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        notify = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("{}: the connection for notifications did not close", config.address(), e);
            }
        }
    }

    void close(Duration bound) {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                TimeUnit.MILLISECONDS.timedJoin(running, Math.max(1, bound.toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
