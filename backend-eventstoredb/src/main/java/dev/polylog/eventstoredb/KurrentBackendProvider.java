package dev.polylog.eventstoredb;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import java.util.Set;

/**
 * Opens {@code kurrentdb://host:port}, also written {@code kdb:} and {@code esdb:}, each also with {@code +discover}; the
 * options are those of {@link KurrentConfig#parse(BackendUrl)}.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class KurrentBackendProvider implements BackendProvider {

    /** For the service loader. */
    public KurrentBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return KurrentUrl.SCHEMES;
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return KurrentBackend.open(KurrentConfig.parse(url));
    }
}
