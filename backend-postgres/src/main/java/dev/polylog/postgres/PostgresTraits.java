package dev.polylog.postgres;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What a log in PostgreSQL promises: it depends on how the server is set up. Stateless and thread-safe. */
final class PostgresTraits {

    /** What a listener may be late beyond the interval of looking: threads have to be woken and pages read. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private static final Duration CLOSING = Duration.ofSeconds(15);

    private PostgresTraits() {}

    static BackendTraits of(PostgresConfig config, Connection connection) throws SQLException {
        return new BackendTraits(
                "postgresql",
                durability(config, connection),
                config.limits(),
                true,
                true,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                PostgresWatcher.SLOWEST.plus(TELLING),
                Duration.ZERO,
                CLOSING);
    }

    /** Every commit waits for the synchronous standbys, where the server names any. */
    private static Durability durability(PostgresConfig config, Connection connection) throws SQLException {
        if (!config.risks().isEmpty()) {
            return Durability.VOLATILE;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_setting('synchronous_standby_names') <> ''")) {
            row.next();
            return row.getBoolean(1) ? Durability.REPLICATED : Durability.LOCAL;
        }
    }
}
