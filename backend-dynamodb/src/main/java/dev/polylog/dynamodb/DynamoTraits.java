package dev.polylog.dynamodb;

import dev.polylog.dynamodb.DynamoConfig.Region;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.net.URI;
import java.time.Duration;

/** What a log in DynamoDB promises. Stateless and thread-safe. */
final class DynamoTraits {

    static final Duration CLOSING = Duration.ofSeconds(15);

    /** What a listener may be late beyond the interval of looking. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    /**
     * An event with all that belongs to it fits into an item of 400 KB. An append of so many bytes and streams fits into a
     * transaction of 4 MB and 100 items, however its events are cut: types and names may add 800 KB.
     */
    private static final Limits LIMITS = new Limits(500, 50, 350_000, 32 << 10, 3_000_000);

    private DynamoTraits() {}

    static BackendTraits of(DynamoConfig config) {
        return new BackendTraits(
                "dynamodb",
                durability(config),
                LIMITS,
                true,
                true,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                DynamoWatcher.SLOWEST.plus(TELLING),
                Duration.ZERO,
                CLOSING);
    }

    /** DynamoDB itself keeps three copies in different places; what another endpoint does, nobody here can know. */
    private static Durability durability(DynamoConfig config) {
        if (config.source() instanceof Region region) {
            URI endpoint = region.endpoint();
            return endpoint == null || isAws(String.valueOf(endpoint.getHost()))
                    ? Durability.REPLICATED
                    : Durability.LOCAL;
        }
        return Durability.REPLICATED;
    }

    private static boolean isAws(String host) {
        return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn") || host.endsWith(".api.aws");
    }
}
