package dev.polylog.dynamodb;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import java.util.Set;

/**
 * Opens {@code dynamodb://region/table}; the options are those of {@link DynamoConfig#parse(BackendUrl)}.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class DynamoBackendProvider implements BackendProvider {

    /** For the service loader. */
    public DynamoBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("dynamodb");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return DynamoBackend.open(DynamoConfig.parse(url));
    }
}
