package dev.polylog.bench;

import dev.polylog.dynamodb.DynamoConfig;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.Set;

/**
 * DynamoDB through its plain client, in a table of its own beside the store's: one transaction an append, one item an event,
 * and no order over all streams.
 *
 * <p>Stateless and thread-safe.
 */
public final class DynamoBaselineProvider implements BaselineProvider {

    /** For the service loader. */
    public DynamoBaselineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("dynamodb");
    }

    @Override
    public List<Contender> open(BackendUrl url, String run) {
        return List.of(
                new DynamoBaseline((DynamoConfig.Region) DynamoConfig.parse(url).source(), "polylog-raw-" + run));
    }
}
