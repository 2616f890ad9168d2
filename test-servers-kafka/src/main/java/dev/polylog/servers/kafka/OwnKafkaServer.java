package dev.polylog.servers.kafka;

import dev.polylog.servers.ControlledServer;

/**
 * A Kafka broker that runs on this machine for one test, which may stop, kill and pause it.
 *
 * <p>{@link KafkaServers#own()} hands them out. Thread-safe.
 */
public interface OwnKafkaServer extends KafkaServer, ControlledServer {}
