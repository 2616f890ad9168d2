package dev.polylog.postgres;

import dev.polylog.postgres.PostgresConfig.Signalling;
import dev.polylog.spi.support.Backoff;
import dev.polylog.spi.support.SignalListeners;
import dev.polylog.spi.support.ThreadEnd;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");
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
            try (Connection connection = connections.listening()) {
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
        if (listens) {
            listen(connection);
        }
        try (PreparedStatement head = connection.prepareStatement(
                "select last_position from " + PostgresLayout.quoted(config.schema()) + ".head")) {
            look(head);
            if (again) {
                tell.run();
            }
            if (listens) {
                hear(connection, head);
            } else {
                poll(head);
            }
        }
    }

    private void listen(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("listen " + PostgresLayout.quoted(PostgresSignal.channel(config.schema())));
        }
    }

    /** A notification is told at once; a look, for those that got lost, comes every now and then all the same. */
    private void hear(Connection connection, PreparedStatement head) throws SQLException {
        PGConnection listening = connection.unwrap(PGConnection.class);
        long looked = System.nanoTime();
        while (stopped.getCount() > 0) {
            PGNotification[] heard = listening.getNotifications((int) SLOWEST.toMillis());
            if (heard != null && heard.length > 0) {
                tell.run();
                seen = Math.max(seen, latest(heard));
            }
            if (System.nanoTime() - looked >= SLOWEST.toNanos()) {
                look(head);
                looked = System.nanoTime();
            }
        }
    }

    private void poll(PreparedStatement head) throws SQLException {
        Duration wait = QUICKEST;
        while (stopped.getCount() > 0) {
            pause(wait);
            Duration slower = wait.multipliedBy(2);
            wait = look(head) ? QUICKEST : slower.compareTo(SLOWEST) < 0 ? slower : SLOWEST;
        }
    }

    /** The greatest position that notifications tell; 0 where they tell none, as others' on this channel may. */
    private static long latest(PGNotification[] heard) {
        long latest = 0;
        for (PGNotification notification : heard) {
            String told = notification.getParameter();
            if (POSITION.matcher(told).matches()) {
                latest = Math.max(latest, Long.parseLong(told));
            }
        }
        return latest;
    }

    /** Looks at the head and tells where it moved since the last look. */
    private boolean look(PreparedStatement head) throws SQLException {
        try (ResultSet row = head.executeQuery()) {
            row.next();
            long position = row.getLong(1);
            boolean moved = seen >= 0 && position != seen;
            seen = position;
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
        ThreadEnd.await(thread, bound);
    }
}
