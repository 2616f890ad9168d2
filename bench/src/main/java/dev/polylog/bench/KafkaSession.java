package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * One client of the plain topic: appends without looking at versions, since Kafka has none, and reads streams by reading
 * everything. For one thread.
 */
final class KafkaSession implements Contender.Session {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final KafkaSender sender;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    KafkaSession(KafkaSender sender, KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        this.sender = sender;
        this.consumer = consumer;
        this.partition = partition;
    }

    @Override
    public boolean append(StreamId stream, long version, List<EventData> events) throws Exception {
        sender.send(stream, events);
        return true;
    }

    /** Nobody compares it: a round of appends must not pay for reading everything. */
    @Override
    public long version(StreamId stream) {
        return 0;
    }

    @Override
    public long readStream(StreamId stream) {
        byte[] key = stream.name().getBytes(StandardCharsets.UTF_8);
        return read(0, record -> Arrays.equals(key, record.key()));
    }

    @Override
    public Object mark() {
        return end();
    }

    @Override
    public long readAll(Object mark) {
        return read((Long) mark, record -> true);
    }

    private long end() {
        return consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    }

    private long read(long from, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        long end = end();
        long count = 0;
        consumer.seek(partition, from);
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                count += record.offset() < end && wanted.test(record) ? 1 : 0;
            }
        }
        return count;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
