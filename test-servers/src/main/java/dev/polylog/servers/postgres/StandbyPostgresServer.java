package dev.polylog.servers.postgres;

/**
 * A copy of a server that follows it by streaming replication, answers reads, and may take its place.
 *
 * <p>{@link PostgresServers#standbyOf} hands them out. Replication is asynchronous until the primary is told to wait,
 * with {@code ALTER SYSTEM SET synchronous_standby_names = '<name>'} and {@code SELECT pg_reload_conf()}. Thread-safe.
 */
public interface StandbyPostgresServer extends OwnPostgresServer {

    /**
     * Makes the running standby a primary on a new timeline; returns when it takes writes. The old primary is left as it
     * is.
     *
     * @throws dev.polylog.servers.ServerFailure if it is no standby any more, or does not become a primary within 60 s
     */
    void promote();
}
