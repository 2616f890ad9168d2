package dev.polylog.servers.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.ServerState;
import dev.polylog.servers.proxy.FaultProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The broker is a real one, and can be mistreated. */
class OwnKafkaServerTest {

    @Test
    void what_was_acknowledged_is_there_after_kill_pause_and_stop_and_by_the_detour_too() throws Exception {
        var behind = KafkaDetour.freeAddress();
        try (FaultProxy proxy = FaultProxy.to(behind);
                OwnKafkaServer server = KafkaServers.own(KafkaDetour.through(behind, proxy))) {
            String topic = server.newTopic();
            try (Admin admin = Admin.create(client(server.address().toString()))) {
                admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(Map.of("flush.messages", "1"))))
                        .all()
                        .get();
            }
            produce(server.address().toString(), topic, "one");
            server.kill();
            assertThat(server.state()).isEqualTo(ServerState.STOPPED);
            server.restart();
            produce(server.address().toString(), topic, "two");
            server.pause();
            server.resume();
            server.stop();
            server.restart();
            produce(proxy.address().toString(), topic, "three");
            assertThat(read(proxy.address().toString(), topic, 3)).containsExactly("one", "two", "three");
            assertThat(proxy.traffic()).anyMatch(traffic -> traffic.toServer() > 0);
        }
    }

    private static Map<String, Object> client(String address) {
        return Map.of("bootstrap.servers", address, "enable.metrics.push", false);
    }

    private static void produce(String address, String topic, String text) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(address), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, null, text.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private static List<String> read(String address, String topic, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(client(address), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<String> texts = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (texts.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> texts.add(new String(record.value(), StandardCharsets.UTF_8)));
            }
            return texts;
        }
    }
}
