package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerFailure;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * An empty database of its own for a test, dropped when it is closed.
 *
 * <p>Thread-safe.
 */
public final class PostgresDatabase implements AutoCloseable {

    private final PostgresAccess server;
    private final PostgresAccess access;

    private PostgresDatabase(PostgresAccess server, PostgresAccess access) {
        this.server = server;
        this.access = access;
    }

    static PostgresDatabase create(PostgresAccess server) {
        String name = "test_" + UUID.randomUUID().toString().replace("-", "");
        run(server, "CREATE DATABASE " + name);
        return new PostgresDatabase(server, server.in(name));
    }

    /**
     * How to reach it, as the role that owns it.
     *
     * @return the access
     */
    public PostgresAccess access() {
        return access;
    }

    /**
     * Drops the database, also under those who are still connected.
     *
     * @throws ServerFailure if the server refuses or is not there
     */
    @Override
    public void close() {
        run(server, "DROP DATABASE IF EXISTS " + access.database() + " WITH (FORCE)");
    }

    private static void run(PostgresAccess server, String sql) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new ServerFailure(
                    "cannot run '" + sql + "' at " + server + ": expected a server that runs and a role that may create"
                            + " databases",
                    e);
        }
    }
}
