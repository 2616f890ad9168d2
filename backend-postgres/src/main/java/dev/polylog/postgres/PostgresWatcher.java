package dev.polylog.postgres;

import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.spi.support.Backoff;
import dev.polylog.spi.support.SignalListeners;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that finds out when the log grew, on one connection outside of any transaction: it waits for notifications
 * and, where none comes, looks at the head.
 *
 * <p>Looking never ends, so a lost notification only delays. A lost connection is made again, with growing delay.
 * Thread-safe. Rules N-01, N-02.
 */
final class PostgresWatcher implements SignalListeners.Watch {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresWatcher.class);

    /** How long to wait between two looks: with notifications as the floor, without them while the log grows. */
    static final Duration SLOWEST = Duration.ofSeconds(1);

    private static final Duration QUICKEST = Duration.ofMillis(50);
    private static final Backoff BROKEN = new Backoff(QUICKEST, SLOWEST);

    private final PostgresConfig config;
    private final PostgresConnections connections;
    private final Runnable tell;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection current;
    private long seen = -1;

    private PostgresWatcher(PostgresConfig config, PostgresConnections connections, Runnable tell) {
        this.config = config;
        this.connections = connections;
        this.tell = tell;
        this.thread = new Thread(this::run, "polylog-" + config.schema() + "-watcher");
        thread.setDaemon(true);
    }

    static PostgresWatcher start(PostgresConfig config, PostgresConnections connections, Runnable tell) {
        PostgresWatcher watcher = new PostgresWatcher(config, connections, tell);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        int failures = 0;
        while (stopped.getCount() > 0) {
            try (Connection connection = connections.dedicated()) {
                current = connection;
                watch(connection, failures > 0);
            } catch (SQLException e) {
                if (stopped.getCount() > 0) {
                    failures++;
                    LOG.debug("{}: the connection for signals is lost, trying again", config.address(), e);
                    pause(BROKEN.delay(failures));
                }
            }
        }
    }

    private void watch(Connection connection, boolean again) throws SQLException {
        boolean listens = config.signal() == Signalling.LISTEN;
        try (Statement statement = connection.createStatement()) {
            if (listens) {
                statement.execute("listen " + PostgresLayout.quoted(PostgresSignal.channel(config.schema())));
            }
            look(statement);
            if (again) {
                tell.run();
            }
            Duration wait = listens ? SLOWEST : QUICKEST;
            while (stopped.getCount() > 0) {
                if (listens && heard(connection)) {
                    tell.run();
                } else if (!listens) {
                    pause(wait);
                }
                boolean grown = look(statement);
                wait = listens || grown ? wait(listens) : min(wait.multipliedBy(2), SLOWEST);
            }
        }
    }

    private static Duration wait(boolean listens) {
        return listens ? SLOWEST : QUICKEST;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static boolean heard(Connection connection) throws SQLException {
        PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications((int) SLOWEST.toMillis());
        return heard != null && heard.length > 0;
    }

    /** Looks at the head and tells where it moved since the last look. */
    private boolean look(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select last_position from " + PostgresLayout.quoted(config.schema()) + ".head")) {
            row.next();
            long head = row.getLong(1);
            boolean moved = seen >= 0 && head != seen;
            seen = head;
            if (moved) {
                tell.run();
            }
            return moved;
        }
    }

    private void pause(Duration duration) {
        try {
            stopped.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but whoever ends the process.
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    /** Ends the watching. Returns at once. */
    @Override
    public void stop() {
        stopped.countDown();
        Connection connection = current;
        if (connection != null) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("{}: the connection for signals could not be broken off", config.address(), e);
            }
        }
    }

    @Override
    public void join(Duration bound) {
        try {
            thread.join(Math.max(1, bound.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
