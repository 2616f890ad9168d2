package dev.polylog.bench;

import dev.polylog.postgres.PostgresConfig;
import dev.polylog.postgres.PostgresServer;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.Set;

/**
 * PostgreSQL through plain JDBC, in a schema of its own beside the store's, as the same role: the classic table of events
 * with a serial number and JSON, which promises no safe order. With the driver as it comes, and with batches that the
 * driver rewrites into one statement.
 *
 * <p>Stateless and thread-safe.
 */
public final class PostgresBaselineProvider implements BaselineProvider {

    /** For the service loader. */
    public PostgresBaselineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres", "jdbc:postgresql");
    }

    @Override
    public List<Contender> open(BackendUrl url, String run) throws Exception {
        PostgresServer server = (PostgresServer) PostgresConfig.parse(url).source();
        return List.of(
                new PostgresBaseline(server, "polylog_raw_" + run + "_plain", PostgresBaseline.Batches.PLAIN),
                new PostgresBaseline(server, "polylog_raw_" + run + "_multi", PostgresBaseline.Batches.REWRITTEN));
    }
}
