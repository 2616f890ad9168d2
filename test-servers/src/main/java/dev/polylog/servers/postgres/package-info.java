/**
 * PostgreSQL for tests.
 *
 * <p>Start at {@link dev.polylog.servers.postgres.PostgresServers}: {@code shared()} is the one server that all tests of
 * a JVM use, each in a database of its own; {@code own()} is a server for one test that stops, kills or pauses it. The
 * server of Maven artifacts is unpacked and initialised once for all builds of a user, copied for each server, and run
 * with {@code fsync} and {@code synchronous_commit} on, so that what it acknowledges is what it keeps.
 */
@NullMarked
package dev.polylog.servers.postgres;

import org.jspecify.annotations.NullMarked;
