package dev.polylog.kafka;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.servers.ServerAddress;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A topic of a test's own with a folder for views, and what is open on it; everything is closed after the test or class. */
final class TestTopic implements AfterEachCallback, AfterAllCallback {

    /** Smaller than the usual ones: what is as large as they allow is written too. */
    static final Limits LIMITS = new Limits(200, 50, 300_000, 16 << 10, 1 << 20);

    private final List<KafkaBackend> open = new ArrayList<>();
    private final Path views = folder();
    private String name = KafkaServers.shared().newTopic();

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
        return name;
    }

    Path views() {
        return views;
    }

    /** Goes on with another topic, which is not made yet. */
    synchronized void another() {
        name = server().newTopic();
    }

    KafkaConfig.Builder config() {
        return config(server().address());
    }

    KafkaConfig.Builder config(ServerAddress address) {
        return KafkaConfig.builder(List.of(address.toString()), name())
                .views(views)
                .limits(LIMITS);
    }

    /** For a process of its own; the limits as far as a URL takes them. */
    String url() {
        return "kafka://" + server().address() + "/" + name() + "?view=" + views
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
        Map<String, String> settings = new LinkedHashMap<>(KafkaTopic.wanted(LIMITS, 1));
        settings.putAll(differing);
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name(), partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    static Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", server().address().toString(), "enable.metrics.push", false));
    }

    /** Writes raw records, one after another. */
    void produce(byte[]... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server().address().toString(), "enable.metrics.push", false),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(name(), 0, null, value)).get();
            }
        }
    }

    /** Writes the same raw record many times. */
    void produceMany(long times, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", server().address().toString(), "enable.metrics.push", false),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
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
