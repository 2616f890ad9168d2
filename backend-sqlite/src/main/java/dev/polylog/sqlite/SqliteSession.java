package dev.polylog.sqlite;

import dev.polylog.IncompatibleLayout;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection with the settings that the promises rest on, read back, and its prepared statements.
 *
 * <p>Used by one thread at a time. A session that threw is closed by its owner and never used again. Rules A-16, L-04.
 */
final class SqliteSession implements AutoCloseable {

    /** What a session is for. */
    enum Use {
        /** Changes the file. */
        WRITING,
        /** Only looks: SQLite refuses every change. */
        READING
    }

    /** The oldest library without the bug in resetting the write-ahead log that could damage files. */
    private static final int[] OLDEST_LIBRARY = {3, 51, 3};

    /** Statements for filters differ; the least recently used are closed beyond this number. */
    private static final int STATEMENTS = 32;

    /** A checkpoint writes a page once that many commits have changed, so it is worth waiting for: 32 MiB. */
    private static final int WAL_PAGES = 16_384;

    private static final int WAL_BYTES_KEPT = 64 << 20;
    private static final int CACHE_KIB = 16 << 10;

    private final SQLiteConnection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(16, 0.75f, true);

    private SqliteSession(SQLiteConnection connection) {
        this.connection = connection;
    }

    /**
     * Opens a connection.
     *
     * @param config which file, and how
     * @param use what for
     * @return the open session
     * @throws SQLException if SQLite cannot open the file
     * @throws IncompatibleLayout if a setting does not hold or the library is too old
     */
    static SqliteSession open(SqliteConfig config, Use use) throws SQLException {
        SQLiteConfig driver = new SQLiteConfig();
        driver.setGetGeneratedKeys(false);
        SqliteSession session =
                new SqliteSession(JDBC.createConnection(JDBC.PREFIX + config.file(), driver.toProperties()));
        try {
            session.configure(config, use);
            return session;
        } catch (SQLException | RuntimeException e) {
            session.closeAfter(e);
            throw e;
        }
    }

    private void configure(SqliteConfig config, Use use) throws SQLException {
        requireLibrary(config, text("select sqlite_version()"));
        BusyHandler.setHandler(connection, new Patience(config.busyTimeout()));
        require(config, "synchronous", config.synchronous().code());
        // Only macOS heeds these two: there fsync alone does not reach the disk.
        require(config, "fullfsync", 1);
        require(config, "checkpoint_fullfsync", 1);
        require(config, "mmap_size", 0);
        require(config, "trusted_schema", 0);
        require(config, "cache_size", -CACHE_KIB);
        require(config, "query_only", use == Use.READING ? 1 : 0);
        if (use == Use.WRITING) {
            require(config, "wal_autocheckpoint", WAL_PAGES);
            require(config, "journal_size_limit", WAL_BYTES_KEPT);
        }
        // From here on the driver leaves transactions alone; begin, commit and rollback are statements of ours.
        connection.setAutoCommit(false);
        commit();
    }

    private static void requireLibrary(SqliteConfig config, String version) {
        String[] parts = version.split("\\.", -1);
        for (int i = 0; i < OLDEST_LIBRARY.length; i++) {
            int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
            if (part > OLDEST_LIBRARY[i]) {
                return;
            }
            if (part < OLDEST_LIBRARY[i]) {
                throw new IncompatibleLayout(
                        "refused to open " + config.address() + ": the SQLite library is " + version
                                + "; versions before 3.51.3 can damage a file with a write-ahead log."
                                + " Use org.xerial:sqlite-jdbc 3.51.3.0 or newer",
                        null);
            }
        }
    }

    private void require(SqliteConfig config, String setting, long wanted) throws SQLException {
        execute("pragma " + setting + " = " + wanted);
        String actual = text("pragma " + setting);
        // A library that is built without memory mapping answers nothing.
        boolean holds = actual.equals(String.valueOf(wanted)) || (actual.isEmpty() && setting.equals("mmap_size"));
        if (!holds) {
            throw new IncompatibleLayout(
                    "refused to open " + config.address() + ": SQLite does not keep the setting " + setting + " = "
                            + wanted + "; it says \"" + actual + "\". Acknowledged events would not be safe",
                    null);
        }
    }

    /** Begins a transaction that sees one moment and writes nothing. */
    void beginReading() throws SQLException {
        statement("begin").execute();
    }

    /** Begins a transaction that nobody else can write beside. A later upgrade would fail without waiting. */
    void beginWriting() throws SQLException {
        statement("begin immediate").execute();
    }

    void commit() throws SQLException {
        statement("commit").execute();
    }

    void rollback() throws SQLException {
        statement("rollback").execute();
    }

    /**
     * A prepared statement, kept for the next time.
     *
     * @param sql the statement's text
     * @return the statement; to be used up before it is asked for again
     */
    PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known != null) {
            return known;
        }
        if (statements.size() >= STATEMENTS) {
            String eldest = statements.keySet().iterator().next();
            PreparedStatement unused = statements.remove(eldest);
            if (unused != null) {
                unused.close();
            }
        }
        PreparedStatement prepared = connection.prepareStatement(sql);
        statements.put(sql, prepared);
        return prepared;
    }

    /** Runs a statement once. */
    void execute(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    /** Runs a statement once; the first column of its first row, empty where there is none. */
    String text(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            String text = rows.next() ? rows.getString(1) : null;
            return text == null ? "" : text;
        }
    }

    /** The first column of the only row of a kept statement without parameters. */
    long number(String sql) throws SQLException {
        try (ResultSet rows = statement(sql).executeQuery()) {
            if (!rows.next()) {
                throw new SQLiteException("a row is missing: " + sql, SQLiteErrorCode.SQLITE_CORRUPT);
            }
            return rows.getLong(1);
        }
    }

    /** Frees the connection; a transaction that is open is rolled back. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Frees the connection after an error, to which it adds its own. */
    void closeAfter(Throwable error) {
        try {
            close();
        } catch (SQLException e) {
            error.addSuppressed(e);
        }
    }

    /**
     * Waits for whoever holds the file. SQLite's own waiting grows to 100 ms a step: beside a process that writes without
     * pause it hardly ever meets a free moment.
     */
    private static final class Patience extends BusyHandler {

        private static final long LEAST_STEP = TimeUnit.MICROSECONDS.toNanos(200);
        private static final long QUICK_STEPS = 100;
        private static final int SLOWER = 5;

        private final long patience;
        private long deadline;

        Patience(Duration patience) {
            this.patience = patience.toNanos();
        }

        @Override
        protected int callback(int callsBefore) {
            long now = System.nanoTime();
            if (callsBefore == 0) {
                deadline = now + patience;
            }
            if (now - deadline >= 0) {
                return 0;
            }
            long step = callsBefore < QUICK_STEPS ? LEAST_STEP : LEAST_STEP * SLOWER;
            LockSupport.parkNanos(step + ThreadLocalRandom.current().nextLong(step));
            return 1;
        }
    }
}
