package dev.polylog.kafka;

import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.EventMirror;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.MirrorOpener;
import java.util.Set;

/**
 * Opens {@code kafka://host:9092,host2:9092/topic}; the options are those of {@link KafkaConfig#parse(BackendUrl)}.
 *
 * <p>The service loader makes it. Stateless and thread-safe.
 */
public final class KafkaBackendProvider implements BackendProvider, MirrorOpener {

    /** For the service loader. */
    public KafkaBackendProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("kafka");
    }

    @Override
    public LogBackend open(BackendUrl url) {
        return KafkaBackend.open(KafkaConfig.parse(url));
    }

    @Override
    public EventMirror openMirror(BackendUrl url, String target) {
        return KafkaMirror.open(KafkaConfig.parse(url), target);
    }
}
