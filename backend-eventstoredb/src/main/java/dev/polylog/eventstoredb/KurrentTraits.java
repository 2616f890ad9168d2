package dev.polylog.eventstoredb;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import io.kurrent.dbclient.ServerVersion;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a log in KurrentDB promises: it depends on the server's version. Stateless and thread-safe. */
final class KurrentTraits {

    static final Duration CLOSING = Duration.ofSeconds(20);

    /** What a listener may be late beyond the interval of looking. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    /**
     * Up to 25.0 an append has at most 1 MiB with everything: for each event its type twice, and what our metadata adds,
     * which is at most some 1,400 bytes.
     */
    private static final Limits SMALL = new Limits(200, 1, 500_000, 64 << 10, 750_000);

    /** From 25.1 on an event may have 16 MiB, and so may a message; all of one stream travels in one. */
    private static final Limits LARGE = new Limits(2_000, 100, 8 << 20, 256 << 10, 12 << 20);

    private KurrentTraits() {}

    static BackendTraits of(KurrentConfig config, @Nullable ServerVersion version) {
        boolean large = version != null && version.isGreaterOrEqualThan(25, 1);
        return new BackendTraits(
                "kurrentdb",
                config.isCluster() ? Durability.REPLICATED : Durability.LOCAL,
                large ? LARGE : SMALL,
                false,
                false,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                KurrentWatcher.INTERVAL.plus(TELLING),
                Duration.ZERO,
                CLOSING);
    }
}
