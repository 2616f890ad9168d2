/**
 * The log in a Kafka topic, for any number of processes, without any server besides Kafka.
 *
 * <p>Applications open it by URL or make a {@link dev.polylog.kafka.KafkaBackend}. Any process writes <em>proposals</em>
 * into the one partition; whether a proposal is accepted follows from the order of the log alone, by the same rules in
 * every process. Each process keeps a <em>view</em>: the accepted events by stream and by position, the cells, and how far
 * it has come, in files of its own that can be rebuilt from the log at any time.
 *
 * <p>Its rooms: the configuration, the topic with its checks, the records and the codec between them and bytes, the rules
 * that decide, the view, the tail that feeds it, the writer with its fences, the head that makes reads current, the
 * appender, the reader, the cells, the signal, and one place that says what a failure of the client means. A room of its own
 * is the mirror, which copies accepted events to a topic for others.
 */
@NullMarked
package dev.polylog.kafka;

import org.jspecify.annotations.NullMarked;
