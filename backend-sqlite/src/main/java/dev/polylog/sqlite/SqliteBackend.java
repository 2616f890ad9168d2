package dev.polylog.sqlite;

import dev.polylog.StoreUnavailable;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in one SQLite file: durable, embedded, shared by the processes of one machine.
 *
 * <p>Applications open it by {@code EventStore.open("sqlite:path/to/file.db")}, or by {@link #open(SqliteConfig)} and
 * {@code EventStore.over(backend)}. Thread-safe. Failures: {@link dev.polylog.StoreUnavailable} where nothing was
 * written, {@link dev.polylog.AppendOutcomeUnknown} where COMMIT failed half way. It keeps all rules; what it declares is
 * in {@link #traits()}.
 */
public final class SqliteBackend implements LogBackend {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteBackend.class);

    /** What {@link #close()} needs beyond the longest wait for other processes. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    /** What a listener may be late beyond the interval of looking: threads have to be woken and pages read. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private final SqliteConfig config;
    private final BackendTraits traits;
    private final SqliteReaders readers;
    private final SqliteWriter writer;
    private final SqliteAppender appender;
    private final SqliteReader reader;
    private final SqliteCells cells;
    private final SqliteSignal signal;

    private SqliteBackend(SqliteConfig config, SqliteSession session, Clock clock) {
        this.config = config;
        this.traits = traits(config);
        this.signal = new SqliteSignal(config);
        this.readers = new SqliteReaders(config);
        this.writer = new SqliteWriter(config, session, clock, signal::grown);
        this.appender = new SqliteAppender(writer);
        this.reader = new SqliteReader(readers);
        this.cells = new SqliteCells(writer, readers);
    }

    /**
     * Opens the file, and makes it where it does not exist yet (rule L-01).
     *
     * @param config which file, and how
     * @return the open backend
     * @throws dev.polylog.StoreUnavailable if the file cannot be opened; says why (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if it holds something else, a newer layout, or lies where SQLite cannot keep
     *     its promises
     */
    public static SqliteBackend open(SqliteConfig config) {
        return open(config, Clock.systemUTC());
    }

    static SqliteBackend open(SqliteConfig config, Clock clock) {
        SqliteFile.check(config);
        try {
            SqliteSession session = SqliteSession.open(config, SqliteSession.Use.WRITING);
            try {
                SqliteLayout.prepare(config, session);
            } catch (SQLException | RuntimeException e) {
                session.closeAfter(e);
                throw e;
            }
            return new SqliteBackend(config, session, clock);
        } catch (SQLException e) {
            throw SqliteFailures.notOpened(config, e);
        }
    }

    private static BackendTraits traits(SqliteConfig config) {
        boolean safe = config.synchronous() == SqliteConfig.Synchronous.FULL;
        return new BackendTraits(
                "sqlite",
                safe ? Durability.LOCAL : Durability.VOLATILE,
                config.limits(),
                true,
                true,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                config.pollInterval().plus(TELLING),
                Duration.ZERO,
                config.busyTimeout().plus(ENDING));
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return appender.append(command);
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

    /**
     * Begins a new epoch of the log. To be called once after an older copy of the file has taken its place: whoever holds
     * a checkpoint then learns that the log may have lost its tail, also when the same positions have been taken again.
     *
     * @throws dev.polylog.StoreUnavailable if the file cannot be written; call it again
     */
    public void beginEpoch() {
        writer.write(new SqliteWork() {
            @Override
            public Effect carryOut(SqliteTransaction transaction) throws SQLException {
                PreparedStatement head = transaction.session().statement("update polylog_head set epoch = ?");
                head.setString(1, SqliteLayout.newEpoch());
                head.executeUpdate();
                return Effect.WRITTEN;
            }

            @Override
            public RuntimeException unknown(SQLException cause) {
                return new StoreUnavailable(
                        config.address() + ": it is not known whether the new epoch began: COMMIT failed: "
                                + cause.getMessage() + ". Begin it again; twice does no harm",
                        cause);
            }
        });
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + traits.closeBound().toNanos();
        writer.refuse();
        signal.close(remaining(deadline));
        try {
            readers.close(remaining(deadline));
        } catch (SQLException e) {
            LOG.warn("{}: a connection for reading did not close", config.address(), e);
        }
        // The last connection to close empties the write-ahead log and removes it, which a reading one could not do.
        writer.close(remaining(deadline));
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }
}
