package dev.polylog.bench;

import dev.polylog.eventstoredb.KurrentConfig;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.Set;

/**
 * KurrentDB through its plain client, with the same settings and on the same log, which has room for one only.
 *
 * <p>Stateless and thread-safe.
 */
public final class KurrentBaselineProvider implements BaselineProvider {

    /** For the service loader. */
    public KurrentBaselineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("kurrentdb", "kurrentdb+discover", "kdb", "kdb+discover", "esdb", "esdb+discover");
    }

    @Override
    public List<Contender> open(BackendUrl url, String run) {
        return List.of(new KurrentBaseline(KurrentConfig.parse(url)));
    }
}
