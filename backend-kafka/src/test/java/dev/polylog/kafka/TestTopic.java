package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.servers.kafka.KafkaBrokers;
import dev.polylog.servers.kafka.KafkaServer;
import dev.polylog.servers.kafka.KafkaServers;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.BackendTraits.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A topic of a test's own with a folder for views, and what is open on it; everything is closed after the test or class. */
final class TestTopic implements AfterEachCallback, AfterAllCallback {

    /** Smaller than the usual ones: what is as large as they allow is written too. */
    static final Limits LIMITS = new Limits(200, 50, 300_000, 16 << 10, 1 << 20);

    private final List<KafkaBackend> open = new ArrayList<>();
    private final Path views = folder();
    private final Supplier<? extends KafkaBrokers> brokers;
    private @Nullable String name;

    /** On the broker that all tests share. */
    TestTopic() {
        this(KafkaServers::shared);
    }

    /** On brokers that are there by the time they are needed. */
    TestTopic(Supplier<? extends KafkaBrokers> brokers) {
        this.brokers = brokers;
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("polylog-views-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static KafkaServer server() {
        return KafkaServers.shared();
    }

    synchronized String name() {
        if (name == null) {
            name = brokers.get().newTopic();
        }
        return name;
    }

    Path views() {
        return views;
    }

    /** Goes on with another topic, which is not made yet. */
    synchronized void another() {
        name = brokers.get().newTopic();
    }

    KafkaConfig.Builder config() {
        return KafkaConfig.builder(List.of(brokers.get().bootstrap().split(",")), name())
                .views(views)
                .limits(LIMITS);
    }

    /** For a process of its own; the limits as far as a URL takes them. */
    String url() {
        return "kafka://" + brokers.get().bootstrap() + "/" + name() + "?view=" + views
                + "&maxEventsPerAppend=200&maxAppendBytes=1000000&maxPayloadBytes=300000";
    }

    KafkaBackend open() {
        return open(config().build());
    }

    synchronized KafkaBackend open(KafkaConfig config) {
        KafkaBackend backend = KafkaBackend.open(config);
        open.add(backend);
        return backend;
    }

    /** Makes the topic with settings that differ from what the log needs. */
    void make(int partitions, Map<String, String> differing) throws Exception {
        make(partitions, 1, differing);
    }

    /** Makes the topic with so many replicas. */
    void make(int partitions, int replicas, Map<String, String> differing) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(KafkaTopic.wanted(LIMITS, replicas));
        settings.putAll(differing);
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(List.of(new NewTopic(name(), partitions, (short) replicas).configs(settings)))
                    .all()
                    .get();
        }
    }

    /** Makes the topic with a log of newer rules, and opens it. */
    KafkaBackend openNewer(int replicas) {
        byte[] founding = RecordCodec.write(UUID.randomUUID(), UUID.randomUUID(), new LogEntry.Founding());
        founding[4] = RecordCodec.RULES + 1;
        RecordCodec.seal(founding, 1, 1);
        try {
            make(1, replicas, Map.of());
            produce(founding);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return open();
    }

    /** What a client of Kafka is to begin with. */
    Map<String, Object> client() {
        return Map.of("bootstrap.servers", brokers.get().bootstrap(), "enable.metrics.push", false);
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", server().address().toString(), "enable.metrics.push", false));
    }

    /** Writes raw records, one after another. */
    void produce(byte[]... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(name(), 0, null, value)).get();
            }
        }
    }

    /** Writes the same raw record many times. */
    void produceMany(long times, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (long i = 0; i < times; i++) {
                var unused = producer.send(new ProducerRecord<>(name(), 0, null, value));
            }
        }
    }

    static AppendCommand append(String stream, ExpectedVersion expected, EventData... events) {
        return AppendCommand.of(StreamId.of(stream), expected, List.of(events));
    }

    static EventData event() {
        return EventData.json("Tested", "{\"n\":1}");
    }

    @Override
    public synchronized void afterEach(ExtensionContext context) {
        open.forEach(KafkaBackend::close);
        open.clear();
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) {
        afterEach(context);
        boolean nested = context.getRequiredTestClass().getEnclosingClass() != null;
        if (!nested) {
            remove(views);
        }
    }

    static void remove(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
