package dev.polylog.postgres;

import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.postgres.PostgresFailures.Meaning;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The log in tables of a PostgreSQL database, shared by any number of processes.
 *
 * <p>Applications open it by {@code EventStore.open("postgresql://user@host/database")}, or by
 * {@link #open(PostgresConfig)} and {@code EventStore.over(backend)}. Thread-safe. Failures:
 * {@link dev.polylog.StoreUnavailable} where nothing was written, {@link dev.polylog.AppendOutcomeUnknown} where the
 * connection was lost on the way. It keeps all rules; what it declares is in {@link #traits()}.
 */
public final class PostgresBackend implements LogBackend {

    private final PostgresConfig config;
    private final BackendTraits traits;
    private final PostgresConnections connections;
    private final PostgresPool pool;
    private final PostgresAppender appender;
    private final PostgresReader reader;
    private final PostgresCells cells;
    private final PostgresSignal signal;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PostgresBackend(PostgresConfig config, PostgresConnections connections, BackendTraits traits) {
        this.config = config;
        this.traits = traits;
        this.connections = connections;
        this.pool = new PostgresPool(config, connections);
        this.signal = new PostgresSignal(config, connections);
        this.appender = new PostgresAppender(config, connections, signal::grown);
        this.reader = new PostgresReader(config, pool);
        this.cells = new PostgresCells(config, pool);
    }

    /**
     * Opens the log, and makes it where it does not exist yet (rule L-01).
     *
     * @param config which log, and how
     * @return the open backend
     * @throws dev.polylog.StoreUnavailable if the server cannot be reached or does not let us in; names address and cause
     *     (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if the schema holds something else or a newer layout, or the server is a
     *     standby, too old, or set up so that it loses what it acknowledged
     */
    public static PostgresBackend open(PostgresConfig config) {
        PostgresConnections connections = PostgresConnections.of(config);
        try (Connection connection = connections.dedicated()) {
            PostgresLayout.prepare(config, connection);
            return new PostgresBackend(config, connections, PostgresTraits.of(config, connection));
        } catch (SQLException e) {
            connections.close();
            throw PostgresFailures.known(config.address(), "opening the log", e);
        } catch (RuntimeException e) {
            connections.close();
            throw e;
        }
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return appender.append(command);
    }

    /**
     * Appends inside a transaction of the application's own, so that the events are written if and only if its other
     * changes are.
     *
     * <p>The transaction holds the log's head until it ends: every other append of every process waits meanwhile, at most
     * for its lock timeout. So append last, commit at once, and let the server bound such transactions
     * ({@code transaction_timeout} or {@code idle_in_transaction_session_timeout}). The events are not visible, and the
     * outcome is not true, before the commit; positions are given back if it rolls back. Whether a commit that failed
     * took effect is for the application to find out. Listeners of other processes notice by looking, within a second.
     * The transaction commits synchronously, whatever {@code synchronous_commit} was set to.
     *
     * @param connection a connection to the same database, inside a transaction of the isolation READ COMMITTED
     * @param command what to write and what must hold; valid, and within the limits of {@link #traits()}
     * @return what will have become of it once the transaction commits
     * @throws StoreUnavailable if the append failed; roll the transaction back
     * @throws dev.polylog.IncompatibleLayout if the isolation is another one, or the role lacks a right
     * @throws IllegalArgumentException if the connection commits every statement by itself
     */
    public AppendOutcome append(Connection connection, AppendCommand command) {
        if (closed.get()) {
            throw new StoreClosed();
        }
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException(
                        "the connection commits every statement by itself; begin a transaction"
                                + " with setAutoCommit(false), or use append(command)");
            }
            return PostgresSession.within(config, connection).appendIn(command);
        } catch (SQLException e) {
            throw inTransaction(e);
        }
    }

    private PolylogException inTransaction(SQLException e) {
        return PostgresFailures.of(e.getSQLState()) == Meaning.UNUSABLE
                ? PostgresFailures.known(config.address(), "append", e)
                : new StoreUnavailable(
                        config.address() + ": append failed inside the transaction: " + PostgresFailures.message(e)
                                + ". Roll it back; then nothing was written",
                        e);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return reader.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        return reader.readAll(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        return signal.listen(listener);
    }

    @Override
    public LogStatus status() {
        return reader.status();
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return traits;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Duration third = traits.closeBound().dividedBy(3);
        pool.close();
        signal.close(third);
        appender.close(third);
        connections.close();
    }
}
