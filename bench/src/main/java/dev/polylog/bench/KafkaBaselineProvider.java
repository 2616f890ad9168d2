package dev.polylog.bench;

import dev.polylog.kafka.KafkaConfig;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.Set;

/**
 * Kafka through its plain client, in topics of their own with the settings of the store's: records as they come, without any
 * expectation, and groups of records in transactions. Neither can refuse an append, nor read a stream without reading
 * everything.
 *
 * <p>Stateless and thread-safe.
 */
public final class KafkaBaselineProvider implements BaselineProvider {

    /** For the service loader. */
    public KafkaBaselineProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("kafka");
    }

    @Override
    public List<Contender> open(BackendUrl url, String run) throws Exception {
        KafkaConfig config = KafkaConfig.parse(url);
        return List.of(
                KafkaBaseline.open(config, "polylog-raw-" + run + "-plain", KafkaBaseline.Way.PLAIN),
                KafkaBaseline.open(config, "polylog-raw-" + run + "-transactions", KafkaBaseline.Way.TRANSACTIONS));
    }
}
