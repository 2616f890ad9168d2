package dev.polylog.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Says who makes appends wait: the oldest transaction of another process that has changed the head row and not ended.
 *
 * <p>Only for messages. Stateless and thread-safe.
 */
final class PostgresHolder {

    private PostgresHolder() {}

    static String describe(PostgresConfig config, PostgresConnections connections) {
        String sql = "select a.pid, a.usename, a.application_name, a.state, clock_timestamp() - a.xact_start"
                + " from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid"
                + " where l.relation = ?::regclass and l.mode = 'RowExclusiveLock' and l.granted"
                + " order by a.xact_start limit 1";
        try (Connection connection = connections.borrow();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, PostgresLayout.quoted(config.schema()) + ".head");
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? "process " + row.getInt(1) + " (role " + row.getString(2) + ", application "
                                + row.getString(3) + ", " + row.getString(4) + ", for " + row.getString(5) + ")"
                        : "nobody any more";
            }
        } catch (SQLException e) {
            return "a process that cannot be looked up: " + PostgresFailures.message(e);
        }
    }
}
