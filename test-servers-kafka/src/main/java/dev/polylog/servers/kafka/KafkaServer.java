package dev.polylog.servers.kafka;

import dev.polylog.servers.TestServer;

/**
 * A Kafka broker that a test talks to; its {@link #address()} is what clients are to begin with.
 *
 * <p>{@link KafkaServers} hands them out. Thread-safe.
 */
public interface KafkaServer extends TestServer, KafkaBrokers {

    @Override
    default String bootstrap() {
        return address().toString();
    }
}
