package dev.polylog.bench;

import dev.polylog.spi.BackendUrl;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * SQLite through plain JDBC, in a file of its own beside the store's: with one connection a writer, and with one connection
 * that all writers share under a lock.
 *
 * <p>Stateless and thread-safe.
 */
public final class SqliteBaselineProvider implements BaselineProvider {

    /** For the service loader. */
    public SqliteBaselineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("sqlite");
    }

    @Override
    public List<Contender> open(BackendUrl url, String run) throws Exception {
        Path file = Path.of(url.address()).toAbsolutePath();
        Path raw = file.resolveSibling(file.getFileName() + ".raw-" + run);
        return List.of(
                new SqliteBaseline(raw.resolveSibling(raw.getFileName() + "-each"), SqliteBaseline.Use.CONNECTION_EACH),
                new SqliteBaseline(raw.resolveSibling(raw.getFileName() + "-one"), SqliteBaseline.Use.ONE_CONNECTION));
    }
}
