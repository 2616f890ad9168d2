package dev.polylog.memory;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.time.Duration;

/** What the reference promises: all powers, the least limits. */
final class MemoryTraits {

    static final BackendTraits STRICT =
            of(new Limits(Limits.LEAST_EVENTS, Limits.LEAST_EVENTS, Limits.LEAST_PAYLOAD_BYTES, 16 * 1024, 1_000_000));

    private MemoryTraits() {}

    static BackendTraits of(Limits limits) {
        return new BackendTraits(
                "memory",
                Durability.VOLATILE,
                limits,
                true,
                true,
                RepeatWindow.UNBOUNDED,
                DuplicateDetection.WHOLE_STREAM,
                Duration.ofMillis(100),
                Duration.ZERO,
                Duration.ofSeconds(1));
    }
}
