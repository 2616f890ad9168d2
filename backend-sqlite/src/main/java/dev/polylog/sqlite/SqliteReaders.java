package dev.polylog.sqlite;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A few connections for reading, opened when they are first needed. Each read is one short transaction, so it sees one
 * moment and never keeps the write-ahead log from being emptied.
 *
 * <p>Thread-safe. Failures: see {@link SqliteFailures#unreadable}; after {@link #close} {@link StoreClosed}.
 */
final class SqliteReaders {

    /**
     * What is read in one transaction.
     *
     * @param <T> the result's type
     */
    @FunctionalInterface
    interface Reading<T> {

        /** Reads. */
        T from(SqliteSession session) throws SQLException;
    }

    private final SqliteConfig config;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<SqliteSession> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    SqliteReaders(SqliteConfig config) {
        this.config = config;
        this.permits = new Semaphore(config.readers());
    }

    /**
     * Reads in a transaction of its own.
     *
     * @param reading what to read
     * @param <T> the result's type
     * @return what it gave
     */
    <T> T read(Reading<T> reading) {
        enter();
        try {
            return readOnce(reading);
        } catch (SQLException e) {
            throw SqliteFailures.unreadable(config, e);
        } finally {
            permits.release();
        }
    }

    private void enter() {
        if (closed) {
            throw new StoreClosed();
        }
        boolean acquired = acquire();
        if (acquired && closed) {
            permits.release();
            throw new StoreClosed();
        }
        if (!acquired) {
            throw new StoreUnavailable(
                    config.address() + ": all " + config.readers() + " connections for reading stayed busy for "
                            + config.busyTimeout().toMillis() + " ms. Try again, or raise readers",
                    null);
        }
    }

    private boolean acquire() {
        try {
            return permits.tryAcquire(config.busyTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(config.address() + ": interrupted while waiting to read", e);
        }
    }

    private <T> T readOnce(Reading<T> reading) throws SQLException {
        SqliteSession kept = idle.pollFirst();
        SqliteSession session = kept == null ? SqliteSession.open(config, SqliteSession.Use.READING) : kept;
        try {
            session.beginReading();
            T result = reading.from(session);
            session.commit();
            idle.addFirst(session);
            return result;
        } catch (SQLException | RuntimeException e) {
            session.closeAfter(e);
            throw e;
        } finally {
            if (closed) {
                closeIdle();
            }
        }
    }

    private void closeIdle() throws SQLException {
        SqliteSession session = idle.pollFirst();
        while (session != null) {
            session.close();
            session = idle.pollFirst();
        }
    }

    /**
     * Refuses further reads, waits for those that run, closes the connections.
     *
     * @param bound how long to wait
     * @throws SQLException if a connection does not close
     */
    void close(Duration bound) throws SQLException {
        closed = true;
        acquireAll(bound);
        closeIdle();
        // Lets those who wait for a permit find out that it is over.
        permits.release(config.readers());
    }

    private void acquireAll(Duration bound) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + bound.toNanos();
        for (int held = 0; held < config.readers(); ) {
            try {
                if (!permits.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                held++;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
