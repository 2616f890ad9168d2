package dev.polylog.kafka;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.time.Duration;

/** What a log in Kafka promises: it depends on how the topic is set up. Stateless and thread-safe. */
final class KafkaTraits {

    /** The broker answers a waiting fetch at once; threads have to be woken and pages read. */
    private static final Duration TELLING = Duration.ofSeconds(1);

    private static final Duration CLOSING = Duration.ofSeconds(15);

    private KafkaTraits() {}

    static BackendTraits of(KafkaConfig config, KafkaTopic topic) {
        return new BackendTraits(
                "kafka",
                durability(topic),
                config.limits(),
                true,
                true,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                TELLING,
                Duration.ZERO,
                CLOSING);
    }

    private static Durability durability(KafkaTopic topic) {
        if (topic.replicas() > 1) {
            return Durability.REPLICATED;
        }
        return topic.isFlushed() ? Durability.LOCAL : Durability.VOLATILE;
    }
}
