package dev.polylog.postgres;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.SchemaPrinter;
import java.util.List;
import java.util.Set;

/**
 * Opens {@code postgresql://user@host:port/database}, also written {@code postgres:} and {@code jdbc:postgresql:}, and
 * prints the schema; the options are those of {@link PostgresConfig#parse(BackendUrl)}.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class PostgresBackendProvider implements BackendProvider, SchemaPrinter {

    private static final String SQL = "sql";

    /** For the service loader. */
    public PostgresBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("postgresql", "postgres", "jdbc:postgresql");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return PostgresBackend.open(PostgresConfig.parse(url));
    }

    @Override
    public List<String> forms() {
        return List.of(SQL);
    }

    @Override
    public String schema(BackendUrl url, String form) {
        if (!form.equals(SQL)) {
            throw new IllegalArgumentException("form " + form + ": expected " + SQL);
        }
        String schema = PostgresConfig.parse(url).schema();
        return PostgresLayout.script(schema)
                + "\n-- Roles. Make them first, or put your own names in place of these two.\n\n"
                + PostgresLayout.grants(schema, "polylog_writer", "polylog_reader");
    }
}
