package dev.polylog.servers.kafka;

import dev.polylog.servers.ContainerServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A Kafka broker in a container; {@code -Dpolylog.kafka.image} names another image. Thread-safe. */
final class KafkaContainer extends ContainerServer implements OwnKafkaServer {

    private static final int PORT = 9092;
    private static final String IMAGE = "apache/kafka:4.3.1";
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final GenericContainer<?> container;

    private KafkaContainer(GenericContainer<?> container) {
        super(container, PORT);
        this.container = container;
    }

    @SuppressWarnings("resource") // closed by the server
    static KafkaContainer start() {
        String image = System.getProperty("polylog.kafka.image", IMAGE);
        return started(
                new KafkaContainer(new GenericContainer<>(DockerImageName.parse(image))),
                made -> made.container.withEnv(made.settings()));
    }

    /** What the image does not set by itself as soon as it is given anything, and the address on the host. */
    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("KAFKA_NODE_ID", "1");
        settings.put("KAFKA_PROCESS_ROLES", "broker,controller");
        settings.put("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093");
        settings.put("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER");
        settings.put("KAFKA_LISTENERS", "PLAINTEXT://:" + PORT + ",CONTROLLER://:9093");
        settings.put("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://" + address());
        settings.put("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1");
        settings.put("KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR", "1");
        settings.put("KAFKA_TRANSACTION_STATE_LOG_MIN_ISR", "1");
        settings.put("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        return settings;
    }

    @Override
    protected boolean serves() {
        return KafkaCalls.answers(address(), ANSWER);
    }
}
