/** Tests of the Kafka broker for tests. */
@NullMarked
package dev.polylog.servers.kafka;

import org.jspecify.annotations.NullMarked;
