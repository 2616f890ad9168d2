package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.TestServer;

/**
 * A PostgreSQL server that a test talks to.
 *
 * <p>{@link PostgresServers} hands them out. Thread-safe.
 */
public interface PostgresServer extends TestServer {

    /**
     * How to reach the server's first database, as a role that may create databases and roles.
     *
     * @return the access
     */
    PostgresAccess access();

    @Override
    default ServerAddress address() {
        return access().address();
    }

    /**
     * Creates an empty database.
     *
     * @return a database of its own, to be closed by the caller
     * @throws dev.polylog.servers.ServerFailure if the server refuses or is not there
     */
    default PostgresDatabase newDatabase() {
        return PostgresDatabase.create(access());
    }
}
