package dev.polylog.kafka;

import dev.polylog.kafka.MirrorRecords.Copied;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/** An ordinary consumer of a mirror's target. */
final class MirrorReader {

    private MirrorReader() {}

    /** Everything that is committed in a topic, one partition after another. */
    static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed");
                KafkaConsumer<byte[], byte[]> others = consumer("read_uncommitted")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            // A commit that is acknowledged shows a moment later.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> consumer.endOffsets(partitions).equals(others.endOffsets(partitions)));
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                while (consumer.position(partition) < ends.get(partition)) {
                    all.addAll(consumer.poll(Duration.ofMillis(200)).records(partition));
                }
            }
        }
        return all;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                TestTopic.server().address().toString(),
                "isolation.level",
                isolation,
                "enable.metrics.push",
                false);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static List<Copied> events(String topic) {
        return records(topic).stream()
                .map(record -> MirrorRecords.read(record).orElseThrow())
                .toList();
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
