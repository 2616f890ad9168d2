package dev.polylog.servers.postgres;

import dev.polylog.servers.ControlledServer;

/**
 * A PostgreSQL server that runs on this machine for one test, which may stop, kill and pause it.
 *
 * <p>{@link PostgresServers#own()} hands them out. Thread-safe.
 */
public interface OwnPostgresServer extends PostgresServer, ControlledServer {}
