package dev.polylog.postgres;

import dev.polylog.postgres.PostgresSession.Attempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;

/**
 * Makes sure that an attempt whose outcome is unknown has no effect from now on, so that looking gives the last word.
 *
 * <ol>
 *   <li>Where the server process is known: terminate it and wait until it is gone. A process ends its transaction, either
 *       way, before it goes.
 *   <li>Where a pooler hides it: wait until the server's clock has passed the attempt's deadline; after that the append
 *       functions refuse it.
 *   <li>Lock the head row and commit: whoever held it has ended, and whatever it wrote is as durable as any append,
 *       because a later commit has waited for the same replicas.
 * </ol>
 *
 * <p>Thread-safe. Failures are the driver's: then the attempt is not fenced.
 */
final class PostgresFence {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PostgresConfig config;

    PostgresFence(PostgresConfig config) {
        this.config = config;
    }

    void raise(Attempt attempt, Connection connection) throws SQLException, InterruptedException {
        Integer processId = attempt.processId();
        if (processId != null) {
            terminate(processId, String.valueOf(attempt.processStart()), connection);
            lockHead(attempt.deadline(), connection);
            return;
        }
        while (!lockHead(attempt.deadline(), connection)) {
            Thread.sleep(untilPassed(attempt.deadline(), connection));
        }
    }

    private static void terminate(int processId, String processStart, Connection connection)
            throws SQLException, InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        try (PreparedStatement query = connection.prepareStatement("select pg_catalog.pg_terminate_backend(pid)"
                + " from pg_catalog.pg_stat_activity where pid = ? and backend_start::text = ?")) {
            query.setInt(1, processId);
            query.setString(2, processStart);
            while (isThere(query)) {
                if (System.nanoTime() > giveUp) {
                    throw new SQLTimeoutException(
                            "server process " + processId + " did not end within " + PATIENCE.toSeconds() + " s",
                            "57014");
                }
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
        }
    }

    private static boolean isThere(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            return row.next();
        }
    }

    private boolean lockHead(OffsetDateTime deadline, Connection connection) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select " + PostgresLayout.quoted(config.schema()) + ".fence(?, ?)")) {
            query.setDouble(1, PostgresSession.seconds(deadline));
            query.setInt(2, (int) config.lockTimeout().toMillis());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private static long untilPassed(OffsetDateTime deadline, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_catalog.clock_timestamp()")) {
            row.next();
            Duration left = Duration.between(row.getObject(1, OffsetDateTime.class), deadline);
            return Math.max(LOOK_AGAIN.toMillis(), left.toMillis() + 1);
        }
    }
}
