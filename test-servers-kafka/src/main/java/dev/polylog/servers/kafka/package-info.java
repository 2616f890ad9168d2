/**
 * A real Kafka broker for tests.
 *
 * <p>Tests ask {@link dev.polylog.servers.kafka.KafkaServers} for one: the broker that a system property names, a
 * container, or a process of its own from Maven artifacts, which is broker and controller in one.
 */
@NullMarked
package dev.polylog.servers.kafka;

import org.jspecify.annotations.NullMarked;
