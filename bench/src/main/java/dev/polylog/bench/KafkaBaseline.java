package dev.polylog.bench;

import dev.polylog.kafka.KafkaConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What somebody would write who has Kafka and no library: one idempotent producer a process that waits for all replicas, one
 * record an event.
 *
 * <p>Thread-safe. Closing it deletes its topic.
 */
final class KafkaBaseline implements Contender {

    /** How events of one append belong together. */
    enum Way {
        /** Not at all: each is a record of its own. */
        PLAIN,
        /** Not at all, and one request at a time is under way, so that what comes meanwhile gathers for the next. */
        ONE_REQUEST,
        /** What comes together is one transaction. */
        TRANSACTIONS
    }

    private final KafkaConfig config;
    private final String topic;
    private final Way way;
    private final KafkaSender sender;

    private KafkaBaseline(KafkaConfig config, String topic, Way way) {
        this.config = config;
        this.topic = topic;
        this.way = way;
        Map<String, Object> settings = settings(config);
        settings.putAll(config.producer());
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.putIfAbsent("linger.ms", 0);
        settings.putIfAbsent("batch.size", 256 << 10);
        if (way == Way.TRANSACTIONS) {
            settings.put("transactional.id", topic);
        } else if (way == Way.ONE_REQUEST) {
            settings.put("max.in.flight.requests.per.connection", 1);
        }
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.sender = way == Way.TRANSACTIONS
                ? KafkaSender.transactions(producer, topic)
                : KafkaSender.plain(producer, topic);
    }

    private static Map<String, Object> settings(KafkaConfig config) {
        Map<String, Object> settings = new HashMap<>(config.client());
        settings.put("bootstrap.servers", config.servers());
        settings.put("enable.metrics.push", false);
        return settings;
    }

    /** Makes the topic with the settings of the store's, so that both are as durable. */
    static KafkaBaseline open(KafkaConfig config, String topic, Way way) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, config.topic());
        try (Admin admin = Admin.create(settings(config))) {
            TopicDescription described = Objects.requireNonNull(
                    admin.describeTopics(List.of(config.topic()))
                            .allTopicNames()
                            .get()
                            .get(config.topic()),
                    "the store's topic");
            int replicas = described.partitions().get(0).replicas().size();
            Config settings = Objects.requireNonNull(
                    admin.describeConfigs(List.of(resource)).all().get().get(resource), "the topic's settings");
            Map<String, String> like = new HashMap<>();
            for (ConfigEntry entry : settings.entries()) {
                if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                    like.put(entry.name(), entry.value());
                }
            }
            make(admin, new NewTopic(topic, 1, (short) replicas).configs(like));
        }
        return new KafkaBaseline(config, topic, way);
    }

    /** Processes that take part in one run share it. */
    private static void make(Admin admin, NewTopic topic) throws Exception {
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    @Override
    public String description() {
        return switch (way) {
            case PLAIN -> "plain idempotent producer, one record an event, no expectations";
            case ONE_REQUEST -> "plain idempotent producer with one request under way at a time";
            case TRANSACTIONS -> "transactional producer, one transaction a group, no expectations";
        };
    }

    @Override
    public Session session() {
        Map<String, Object> settings = settings(config);
        settings.put("auto.offset.reset", "none");
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", 5_000);
        settings.put("max.partition.fetch.bytes", 16 << 20);
        // Else each read waits half a second for the fetch at the log's end that the one before left under way.
        settings.put("fetch.max.wait.ms", 1);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        return new KafkaSession(sender, consumer, partition);
    }

    @Override
    public void close() throws Exception {
        sender.close();
        try (Admin admin = Admin.create(settings(config))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }
}
