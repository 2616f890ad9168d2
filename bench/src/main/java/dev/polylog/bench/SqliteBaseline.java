package dev.polylog.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What somebody would write who has SQLite and no library: a classic table of events, one transaction an append, as durable
 * as the store ({@code WAL}, {@code synchronous=FULL}).
 *
 * <p>Thread-safe. Closing it deletes its file.
 */
final class SqliteBaseline implements Contender {

    /** How writers share the one database, which takes one writer at a time. */
    enum Use {
        /** A connection each, {@code BEGIN IMMEDIATE} and a busy timeout: SQLite lets them wait. */
        CONNECTION_EACH,
        /** One connection for all, under a lock; not a fair one, which would cost the baseline throughput. */
        ONE_CONNECTION
    }

    private static final String[] SCHEMA = {
        "CREATE TABLE IF NOT EXISTS events (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,"
                + " id TEXT NOT NULL, type TEXT NOT NULL, content_type TEXT NOT NULL, payload BLOB NOT NULL,"
                + " metadata BLOB NOT NULL, recorded_at INTEGER NOT NULL, UNIQUE (stream, version))"
    };

    private final Path file;
    private final Use use;
    private final Lock lock = new ReentrantLock();
    private final @Nullable Connection shared;

    SqliteBaseline(Path file, Use use) throws SQLException {
        this.file = file;
        this.use = use;
        Connection first = connect();
        try (Statement statement = first.createStatement()) {
            for (String sql : SCHEMA) {
                statement.execute(sql);
            }
        }
        if (use == Use.ONE_CONNECTION) {
            shared = first;
        } else {
            shared = null;
            first.close();
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 60000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            try (ResultSet row = statement.executeQuery("PRAGMA synchronous")) {
                if (!row.next() || row.getInt(1) != 2) {
                    throw new SQLException(
                            "the baseline would not be as durable as the store: synchronous is not FULL");
                }
            }
        }
        return connection;
    }

    @Override
    public String description() {
        return use == Use.CONNECTION_EACH
                ? "plain JDBC, a connection a writer, BEGIN IMMEDIATE"
                : "plain JDBC, one connection under a lock";
    }

    @Override
    public Session session() throws SQLException {
        Connection mine = shared;
        return mine == null
                ? new SqliteSession(connect(), new ReentrantLock(), true)
                : new SqliteSession(mine, lock, false);
    }

    @Override
    public void close() throws SQLException, IOException {
        if (shared != null) {
            shared.close();
        }
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
        }
    }
}
