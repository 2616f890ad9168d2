package dev.polylog.servers.postgres;

import dev.polylog.servers.ServerFailure;
import dev.polylog.servers.ServerSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands out PostgreSQL servers.
 *
 * <p>Tests call it. Which server they get is decided by system properties: {@code polylog.postgres.url} names one that
 * runs already (for {@link #shared()} only), {@code polylog.servers=docker} asks for containers, and without either the
 * server comes from Maven artifacts. Thread-safe.
 */
public final class PostgresServers {

    private static @Nullable PostgresServer shared;

    private PostgresServers() {}

    /**
     * The one server that all tests of this JVM share; started by the first call, ended with the JVM.
     *
     * @return the server; closing it is left to the JVM's end
     * @throws dev.polylog.servers.ServerFailure if it cannot be started or reached
     */
    public static synchronized PostgresServer shared() {
        if (shared == null) {
            String url = System.getProperty("polylog.postgres.url");
            shared = url == null ? own() : AddressedPostgres.at(url, System.getenv("PGPASSWORD"));
        }
        return shared;
    }

    /**
     * Starts a server for one test.
     *
     * @return a running server, to be closed by the caller
     * @throws dev.polylog.servers.ServerFailure if it cannot be started
     */
    public static OwnPostgresServer own() {
        return own(PostgresSettings.standard());
    }

    /**
     * Starts a server for one test with other settings.
     *
     * @param settings what its configuration says
     * @return a running server, to be closed by the caller
     * @throws dev.polylog.servers.ServerFailure if it cannot be started
     */
    public static OwnPostgresServer own(PostgresSettings settings) {
        return ServerSource.start(() -> PostgresProcess.start(settings), () -> PostgresContainer.start(settings));
    }

    /**
     * Copies a running server from artifacts and starts a standby that follows it.
     *
     * @param primary a server that {@link #own()} gave
     * @param name the standby's name, with which the primary may be told to wait for it; small letters and digits
     * @return a running standby, to be closed by the caller
     * @throws ServerFailure if the primary is of another kind, or if the standby cannot be made
     */
    public static StandbyPostgresServer standbyOf(OwnPostgresServer primary, String name) {
        if (primary instanceof PostgresProcess process) {
            return PostgresStandby.of(process, name);
        }
        throw new ServerFailure("only a server from Maven artifacts can have a standby, and " + primary
                + " is none: leave -Dpolylog.servers out");
    }
}
