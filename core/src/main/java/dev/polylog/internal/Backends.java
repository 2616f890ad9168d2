package dev.polylog.internal;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/**
 * Finds the backend for a URL among those on the class path.
 *
 * <p>Stateless and thread-safe.
 */
public final class Backends {

    /** Which artifact brings a scheme, for the message when it is missing. */
    private static final Map<String, String> ARTIFACTS = Map.ofEntries(
            Map.entry("sqlite", "polylog-backend-sqlite"),
            Map.entry("postgresql", "polylog-backend-postgres"),
            Map.entry("postgres", "polylog-backend-postgres"),
            Map.entry("jdbc:postgresql", "polylog-backend-postgres"),
            Map.entry("kafka", "polylog-backend-kafka"),
            Map.entry("dynamodb", "polylog-backend-dynamodb"),
            Map.entry("kurrentdb", "polylog-backend-eventstoredb"),
            Map.entry("kurrentdb+discover", "polylog-backend-eventstoredb"),
            Map.entry("kurrent+discover", "polylog-backend-eventstoredb"),
            Map.entry("kdb", "polylog-backend-eventstoredb"),
            Map.entry("kdb+discover", "polylog-backend-eventstoredb"),
            Map.entry("esdb", "polylog-backend-eventstoredb"),
            Map.entry("esdb+discover", "polylog-backend-eventstoredb"));

    private Backends() {}

    /**
     * Opens the store at a URL.
     *
     * @param url the URL
     * @return the open backend
     * @throws InvalidStoreUrl if no backend opens such a URL
     */
    public static LogBackend open(String url) {
        BackendUrl parsed = BackendUrl.parse(url);
        TreeSet<String> schemes = new TreeSet<>();
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(parsed.scheme())) {
                return provider.open(parsed);
            }
            schemes.addAll(provider.schemes());
        }
        String artifact = ARTIFACTS.get(parsed.scheme());
        String advice = artifact == null
                ? "no backend for the scheme \"" + parsed.scheme() + "\" is known; on the class path are " + schemes
                : "the backend is not on the class path; add the dependency dev.polylog:" + artifact;
        throw new InvalidStoreUrl(parsed.toString(), List.of(advice));
    }
}
