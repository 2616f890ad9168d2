package dev.polylog.bench;

import dev.polylog.InvalidStoreUrl;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.ServiceLoader;

/** Finds who takes part for a URL. Stateless and thread-safe. */
final class Contenders {

    private Contenders() {}

    static StoreContender store(BackendUrl url) {
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(url.scheme())) {
                return new StoreContender(url.toString(), provider.open(url));
            }
        }
        throw new InvalidStoreUrl(
                url.toString(),
                List.of("no backend on the class path opens the scheme " + url.scheme()
                        + "; add the artifact polylog-backend-… of the store"));
    }

    static List<Contender> baselines(BackendUrl url, String run) throws Exception {
        for (BaselineProvider provider : ServiceLoader.load(BaselineProvider.class)) {
            if (provider.schemes().contains(url.scheme())) {
                return provider.open(url, run);
            }
        }
        return List.of();
    }
}
