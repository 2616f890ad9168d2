package dev.polylog.servers.kafka;

import java.util.UUID;

/**
 * One broker or several that clients connect to.
 *
 * <p>{@link KafkaServers} hands them out. Thread-safe.
 */
public interface KafkaBrokers {

    /**
     * What clients are to begin with: their {@code bootstrap.servers}.
     *
     * @return {@code host:port} of each broker, separated by commas; the same for the life of this object
     */
    String bootstrap();

    /**
     * A topic's name that nobody has used.
     *
     * @return the name; the topic is not made
     */
    default String newTopic() {
        return "polylog-" + UUID.randomUUID();
    }
}
