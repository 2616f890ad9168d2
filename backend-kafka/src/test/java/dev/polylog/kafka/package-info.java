/** Tests of the Kafka backend, on a real broker. */
@NullMarked
package dev.polylog.kafka;

import org.jspecify.annotations.NullMarked;
