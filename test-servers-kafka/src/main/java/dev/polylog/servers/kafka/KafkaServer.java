package dev.polylog.servers.kafka;

import dev.polylog.servers.TestServer;
import java.util.UUID;

/**
 * A Kafka broker that a test talks to; its {@link #address()} is what clients are to begin with.
 *
 * <p>{@link KafkaServers} hands them out. Thread-safe.
 */
public interface KafkaServer extends TestServer {

    /**
     * A topic's name that nobody has used.
     *
     * @return the name; the topic is not made
     */
    default String newTopic() {
        return "polylog-" + UUID.randomUUID();
    }
}
