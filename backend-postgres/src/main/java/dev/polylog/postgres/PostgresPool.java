package dev.polylog.postgres;

import dev.polylog.StoreClosed;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Short uses of pooled connections, with failures as exceptions of the library.
 *
 * <p>Thread-safe.
 */
final class PostgresPool {

    private final PostgresConfig config;
    private final PostgresConnections connections;
    private volatile boolean closed;

    PostgresPool(PostgresConfig config, PostgresConnections connections) {
        this.config = config;
        this.connections = connections;
    }

    /** What is done with a connection. */
    @FunctionalInterface
    interface Use<T> {

        /** Does it; the connection commits each statement by itself. */
        T with(Connection connection) throws SQLException;
    }

    /** What is done with a connection, with failures that mean something of their own. */
    @FunctionalInterface
    interface Failed {

        /** The exception to throw. */
        RuntimeException as(SQLException e);
    }

    <T> T use(String what, Use<T> use) {
        return use(use, e -> PostgresFailures.known(config.address(), what, e));
    }

    /** Uses a connection; failed says what a failure of the use means, not one of getting the connection. */
    <T> T use(Use<T> use, Failed failed) {
        if (closed) {
            throw new StoreClosed();
        }
        Connection connection;
        try {
            connection = connections.borrow();
        } catch (SQLException e) {
            throw closed ? new StoreClosed() : PostgresFailures.known(config.address(), "connecting", e);
        }
        try (connection) {
            return use.with(connection);
        } catch (SQLException e) {
            if (closed) {
                throw new StoreClosed();
            }
            if (PostgresFailures.isConnectionLost(e)) {
                connections.distrust();
            }
            throw failed.as(e);
        }
    }

    void close() {
        closed = true;
    }
}
