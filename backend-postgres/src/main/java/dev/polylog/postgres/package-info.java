/**
 * The log in tables of a PostgreSQL database, for any number of processes.
 *
 * <p>Applications open it by URL or make a {@link dev.polylog.postgres.PostgresBackend}. Its rooms: the configuration,
 * the layout of the tables (with the SQL functions in which an append is decided), the appender with its fence for
 * attempts in doubt, the reader, the cells, the signal, and one place that says what a failure of the driver means.
 */
@NullMarked
package dev.polylog.postgres;

import org.jspecify.annotations.NullMarked;
