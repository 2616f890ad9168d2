package dev.polylog.sqlite;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import java.util.Set;

/**
 * Opens {@code sqlite:path/to/file.db}; the options are those of {@link SqliteConfig#parse(BackendUrl)}.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class SqliteBackendProvider implements BackendProvider {

    /** For the service loader. */
    public SqliteBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("sqlite");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return SqliteBackend.open(SqliteConfig.parse(url));
    }
}
