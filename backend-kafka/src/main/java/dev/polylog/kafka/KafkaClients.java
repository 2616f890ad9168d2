package dev.polylog.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka's clients, set up so that the log is what it is. Thread-safe.
 */
final class KafkaClients {

    /** Some six of them are in memory at once while a view catches up. */
    private static final int FETCH = 4 << 20;

    private static final int TRANSACTION_ENDING = 20_000;

    /** So many requests may be under way to a broker that keeps the order of an idempotent producer. */
    private static final int MOST_REQUESTS = 5;

    /** How long a broker may hold back a fetch that finds nothing. */
    private static final int FETCH_WAIT = 500;

    /** How long a request may take at least, where there is as much time: longer than a fetch that is held back. */
    private static final int LEAST_REQUEST = 2 * FETCH_WAIT;

    private final KafkaConfig config;

    KafkaClients(KafkaConfig config) {
        this.config = config;
    }

    /** A broker that hangs is not waited for all of the time: what is left is for asking another one. */
    private static int request(int timeoutMillis) {
        return Math.max(timeoutMillis / 2, Math.min(timeoutMillis, LEAST_REQUEST));
    }

    private Map<String, Object> common(int requestMillis, int timeoutMillis) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("enable.metrics.push", false);
        settings.put("reconnect.backoff.ms", 50);
        settings.put("reconnect.backoff.max.ms", 500);
        settings.put("request.timeout.ms", requestMillis);
        settings.put("default.api.timeout.ms", timeoutMillis);
        settings.putAll(config.client());
        settings.put("bootstrap.servers", config.servers());
        return settings;
    }

    private static int millis(Duration duration) {
        return (int) duration.toMillis();
    }

    /** Asks the brokers, with a client that is given up afterwards: its own end would wait for a broker that hangs. */
    <T> T ask(Function<Admin, T> question) {
        int timeout = millis(config.connectTimeout());
        Admin admin = make(() -> Admin.create(common(request(timeout), timeout)));
        try {
            return question.apply(admin);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    /**
     * Writes the log. Retries below the deadline are safe: who is idempotent writes each record once, or not, in order.
     *
     * <p>Where there is one replica, each request costs the broker a flush: while one is under way, what comes gathers for the
     * next, and fewer and larger ones carry more. Where there are several, a request waits for other machines, and others
     * follow it meanwhile.
     */
    Producer<byte[], byte[]> producer(int replicas) {
        return producer(Map.of("max.in.flight.requests.per.connection", replicas == 1 ? 1 : MOST_REQUESTS));
    }

    /** Writes transactions; its id shuts out whoever wrote under it before. */
    Producer<byte[], byte[]> transactionalProducer(String id) {
        return producer(Map.of(
                "transactional.id", id, "transaction.timeout.ms", millis(config.timeout()) + TRANSACTION_ENDING));
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> besides) {
        int timeout = millis(config.timeout());
        Map<String, Object> settings = common(timeout / 2, timeout);
        settings.remove("default.api.timeout.ms");
        settings.put("linger.ms", 0);
        settings.put("batch.size", 256 << 10);
        settings.put("buffer.memory", 64L << 20);
        settings.putAll(config.producer());
        settings.put("acks", "all");
        settings.put("enable.idempotence", true);
        settings.put("max.in.flight.requests.per.connection", MOST_REQUESTS);
        settings.put("delivery.timeout.ms", timeout);
        settings.put("max.block.ms", timeout);
        settings.put("max.request.size", KafkaTopic.mostBytes(config.limits()));
        settings.putAll(besides);
        return make(() -> new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** Reads what is committed to the replicas, transactions or not: a rogue transaction must not hold the log. */
    Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> consumer = consumer("read_uncommitted");
        consumer.assign(List.of(new TopicPartition(config.topic(), 0)));
        return consumer;
    }

    /** Reads what transactions have committed, of any topic. */
    Consumer<byte[], byte[]> committedConsumer() {
        return consumer("read_committed");
    }

    private Consumer<byte[], byte[]> consumer(String isolation) {
        int timeout = millis(config.timeout());
        Map<String, Object> settings = common(request(timeout), timeout);
        settings.put("fetch.max.bytes", FETCH);
        settings.put("max.partition.fetch.bytes", FETCH);
        settings.put("receive.buffer.bytes", 1 << 20);
        settings.put("max.poll.records", 5_000);
        settings.put("fetch.max.wait.ms", FETCH_WAIT);
        settings.putAll(config.consumer());
        settings.put("auto.offset.reset", "none");
        settings.put("isolation.level", isolation);
        settings.put("enable.auto.commit", false);
        settings.put("allow.auto.create.topics", false);
        return make(() -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    private <T> T make(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (KafkaException e) {
            throw KafkaFailures.known(config.address(), "making a client", e);
        }
    }
}
