package dev.polylog.sqlite;

import dev.polylog.spi.support.SignalListeners;
import dev.polylog.spi.support.ThreadEnd;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few milliseconds whether another process wrote: {@code PRAGMA data_version} changes with every commit of
 * another connection and costs next to nothing. Cells change the file too, so the last position is compared before
 * anybody is told.
 *
 * <p>One daemon thread with a connection of its own. Thread-safe. A look that fails is logged once and tried again with
 * a new connection: a signal is a hint, and core looks by itself from time to time.
 */
final class SqliteWatcher implements SignalListeners.Watch {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWatcher.class);
    private static final String NAME = "polylog-sqlite-signal";

    private final SqliteConfig config;
    private final Runnable tell;
    private final Thread thread = new Thread(this::run, NAME);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wake = lock.newCondition();
    private long grownTo;
    private boolean stopped;

    /** Only the thread uses these, and whoever made it before it began. */
    private @Nullable SqliteSession session;

    private long dataVersion;
    private long told;
    private boolean failing;

    private SqliteWatcher(SqliteConfig config, Runnable tell) {
        this.config = config;
        this.tell = tell;
    }

    /**
     * Starts to look: what is written from now on is told.
     *
     * @param config which file, how often
     * @param tell called on the watcher's thread when the log grew
     * @return the running watcher
     */
    static SqliteWatcher start(SqliteConfig config, Runnable tell) {
        SqliteWatcher watcher = new SqliteWatcher(config, tell);
        watcher.told = watcher.look();
        watcher.thread.setDaemon(true);
        watcher.thread.start();
        return watcher;
    }

    void grown(long position) {
        lock.lock();
        try {
            if (position > grownTo) {
                grownTo = position;
                wake.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            wake.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void join(Duration bound) {
        ThreadEnd.await(thread, bound);
    }

    private void run() {
        try {
            while (sleep()) {
                long known = knownGrowth();
                long head = known > told ? known : look();
                if (head > told) {
                    told = head;
                    tell.run();
                }
            }
        } finally {
            close(null);
        }
    }

    private long knownGrowth() {
        lock.lock();
        try {
            return grownTo;
        } finally {
            lock.unlock();
        }
    }

    /** Until this process wrote or it is time to look; false when it is over. */
    private boolean sleep() {
        lock.lock();
        try {
            long remaining = config.pollInterval().toNanos();
            while (!stopped && grownTo <= told && remaining > 0) {
                remaining = wake.awaitNanos(remaining);
            }
            return !stopped;
        } catch (InterruptedException e) {
            // Nobody but the owner ends this thread, and it does so by stop().
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    /** The last position if the file changed since the last look, else what was told last. */
    private long look() {
        try {
            SqliteSession open = session;
            if (open == null) {
                open = SqliteSession.open(config, SqliteSession.Use.READING);
                session = open;
                dataVersion = -1;
            }
            long version = open.number("pragma data_version");
            if (version == dataVersion) {
                return told;
            }
            long head = open.number(SqliteLayout.LAST_POSITION);
            dataVersion = version;
            failing = false;
            return head;
        } catch (SQLException | RuntimeException e) {
            report(e);
            close(e);
            return told;
        }
    }

    private void report(Exception error) {
        if (!failing) {
            failing = true;
            LOG.warn("{}: cannot see whether another process wrote; trying again", config.address(), error);
        }
    }

    private void close(@Nullable Exception error) {
        SqliteSession open = session;
        session = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException e) {
            if (error != null) {
                error.addSuppressed(e);
            }
            LOG.warn("{}: the connection of {} did not close", config.address(), NAME, e);
        }
    }
}
