package dev.polylog.bench;

import dev.polylog.kafka.KafkaConfig;
import dev.polylog.spi.BackendUrl;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Kafka through its plain client, in topics of their own with the settings of the store's: records as they come, without any
 * expectation, with several requests under way or one, and groups of records in transactions. None can refuse an append, nor
 * read a stream without reading everything.
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
        List<Contender> ways = new ArrayList<>();
        for (KafkaBaseline.Way way : KafkaBaseline.Way.values()) {
            String name = way.name().toLowerCase(Locale.ROOT).replace('_', '-');
            ways.add(KafkaBaseline.open(config, "polylog-raw-" + run + "-" + name, way));
        }
        return ways;
    }
}
