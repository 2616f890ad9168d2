package dev.polylog.kafka;

import static dev.polylog.kafka.TestTopic.append;
import static dev.polylog.kafka.TestTopic.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.LogDiverged;
import dev.polylog.Metadata;
import dev.polylog.MirrorReplaced;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.kafka.MirrorRecords.Copied;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Accepted events go to a second topic, in order and each once. */
class KafkaMirrorTest {

    @RegisterExtension
    final TestTopic topic = new TestTopic();

    private final String target = TestTopic.server().newTopic();

    private void fill(KafkaBackend backend, int appends) {
        for (int i = 0; i < appends; i++) {
            String stream = "Order-" + i % 7;
            backend.append(append(stream, ExpectedVersion.any(), event(), event()));
            AppendOutcome refused = backend.append(append(stream, ExpectedVersion.noStream(), event()));
            assertThat(refused).isInstanceOf(AppendOutcome.Conflict.class);
        }
    }

    private KafkaMirror mirror() {
        return KafkaMirror.open(topic.config().timeout(Duration.ofSeconds(3)).build(), target);
    }

    /** Copies what is there with a new mirror. */
    private int copy() {
        int copied = 0;
        try (KafkaMirror mirror = mirror()) {
            for (int now = mirror.copyNext(Duration.ZERO); now > 0; now = mirror.copyNext(Duration.ZERO)) {
                copied += now;
            }
        }
        return copied;
    }

    private static List<Copied> expected(KafkaBackend backend) {
        UUID logId = UUID.fromString(backend.status().logId());
        return backend.readAll(LogRead.after(Position.START, 100_000)).events().stream()
                .map(event -> new Copied(logId, event.stream(), event.version(), event.position(), event.id()))
                .toList();
    }

    @Test
    void an_event_is_a_cloud_event_with_attributes_in_headers_and_its_bytes_as_the_value() {
        KafkaBackend backend = topic.open();
        byte[] bytes = {0, 1, (byte) 0xff};
        EventData data = new EventData(
                UUID.randomUUID(),
                "Straße",
                "application/x-thing",
                Payload.of(bytes),
                Metadata.of(Map.of("correlationId", "c-1", "causationId", "c-2", "other", "x")));
        backend.append(append("Größe-1", ExpectedVersion.noStream(), data));
        assertThat(copy()).isEqualTo(1);
        ConsumerRecord<byte[], byte[]> record = MirrorReader.records(target).get(0);
        RecordedEvent event =
                backend.readAll(LogRead.after(Position.START, 1)).events().get(0);
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        String logId = backend.status().logId();
        assertThat(headers)
                .isEqualTo(Map.ofEntries(
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", data.id().toString()),
                        Map.entry("ce_source", "urn:polylog:" + logId),
                        Map.entry("ce_type", "Straße"),
                        Map.entry("ce_subject", "Größe-1"),
                        Map.entry("ce_time", event.recordedAt().toString()),
                        Map.entry("content-type", "application/x-thing"),
                        Map.entry("ce_correlationid", "c-1"),
                        Map.entry("ce_causationid", "c-2"),
                        Map.entry("ce_polyloglog", logId),
                        Map.entry("ce_polylogversion", "1"),
                        Map.entry("ce_polylogposition", event.position().toString()),
                        Map.entry("ce_polylogmetadata", "{\"other\":\"x\"}")));
        assertThat(record.value()).isEqualTo(bytes);
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("Größe-1");
    }

    @Test
    void the_target_holds_accepted_events_in_the_order_of_the_log_and_the_next_run_goes_on_there() {
        KafkaBackend backend = topic.open();
        fill(backend, 20);
        assertThat(copy()).isEqualTo(40);
        assertThat(copy()).isZero();
        fill(backend, 520);
        assertThat(copy()).isEqualTo(1_040);
        assertThat(MirrorReader.events(target)).isEqualTo(expected(backend));
    }

    @Test
    void a_mirror_waits_for_new_events() {
        KafkaBackend backend = topic.open();
        try (KafkaMirror mirror = mirror()) {
            assertThat(mirror.copyNext(Duration.ofMillis(1))).isZero();
            Thread later = new Thread(() -> fill(backend, 1));
            later.start();
            int copied = 0;
            while (copied < 2) {
                copied += mirror.copyNext(Duration.ofSeconds(30));
            }
            assertThat(mirror.position()).isEqualTo(backend.status().watermark().head());
        }
        assertThat(MirrorReader.events(target)).isEqualTo(expected(backend));
    }

    @Test
    void a_target_of_several_partitions_keeps_each_stream_in_one_and_in_order_and_is_resumed_as_well()
            throws Exception {
        try (Admin admin = TestTopic.admin()) {
            admin.createTopics(List.of(new NewTopic(target, 3, (short) 1)))
                    .all()
                    .get();
        }
        KafkaBackend backend = topic.open();
        fill(backend, 30);
        copy();
        backend.append(append("Order-3", ExpectedVersion.any(), event()));
        copy();
        fill(backend, 30);
        copy();
        Map<StreamId, Integer> partitions = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : MirrorReader.records(target)) {
            StreamId stream = MirrorRecords.read(record).orElseThrow().stream();
            assertThat(partitions.computeIfAbsent(stream, s -> record.partition()))
                    .isEqualTo(record.partition());
        }
        assertThat(partitions.values()).as("partitions in use").containsAnyOf(0, 1, 2);
        List<Copied> events = MirrorReader.events(target);
        for (StreamId stream : partitions.keySet()) {
            assertThat(events.stream().filter(e -> e.stream().equals(stream)).map(Copied::version))
                    .isSorted();
        }
        assertThat(events.stream().sorted(Comparator.comparing(Copied::position)))
                .isEqualTo(expected(backend));
    }

    @Test
    void of_two_mirrors_the_later_goes_on_and_the_earlier_writes_nothing_any_more() {
        KafkaBackend backend = topic.open();
        fill(backend, 5);
        try (KafkaMirror first = mirror();
                KafkaMirror second = mirror()) {
            assertThat(first.copyNext(Duration.ZERO)).isEqualTo(10);
            fill(backend, 5);
            assertThat(second.copyNext(Duration.ZERO)).isEqualTo(10);
            fill(backend, 5);
            assertThatThrownBy(() -> first.copyNext(Duration.ZERO))
                    .isInstanceOf(MirrorReplaced.class)
                    .hasMessageContaining(target);
            assertThat(second.copyNext(Duration.ZERO)).isEqualTo(10);
        }
        assertThat(MirrorReader.events(target)).isEqualTo(expected(backend));
    }

    @Test
    void what_another_mirror_left_open_is_given_up_and_copied_once() throws Exception {
        KafkaBackend backend = topic.open();
        fill(backend, 3);
        copy();
        fill(backend, 3);
        UUID logId = UUID.fromString(backend.status().logId());
        List<RecordedEvent> events =
                backend.readAll(LogRead.after(Position.START, 12)).events();
        try (KafkaProducer<byte[], byte[]> hanging = producer(MirrorWriter.id(target))) {
            hanging.initTransactions();
            hanging.beginTransaction();
            for (RecordedEvent event : events.subList(6, 9)) {
                hanging.send(MirrorRecords.write(target, logId, event)).get();
            }
            assertThat(copy()).isEqualTo(6);
            hanging.close(Duration.ZERO);
        }
        assertThat(MirrorReader.events(target)).isEqualTo(expected(backend));
    }

    @Test
    void a_foreign_transaction_that_is_open_is_waited_for_and_then_told() throws Exception {
        KafkaBackend backend = topic.open();
        fill(backend, 1);
        copy();
        try (KafkaProducer<byte[], byte[]> foreign = producer("somebody-" + target)) {
            foreign.initTransactions();
            foreign.beginTransaction();
            foreign.send(new ProducerRecord<>(target, 0, null, new byte[1])).get();
            assertThatThrownBy(this::copy)
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("transaction of somebody else")
                    .hasMessageContaining(target);
            foreign.abortTransaction();
        }
        assertThat(copy()).isZero();
    }

    @Test
    void a_target_that_holds_something_else_is_refused() throws Exception {
        KafkaBackend backend = topic.open();
        fill(backend, 2);
        copy();
        topic.another();
        fill(topic.open(), 2);
        assertThatThrownBy(this::copy)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("an event of the log " + backend.status().logId())
                .hasMessageContaining(target);
        int before = MirrorReader.records(target).size();
        try (KafkaProducer<byte[], byte[]> producer = producer("")) {
            producer.send(new ProducerRecord<>(target, 0, null, new byte[1])).get();
        }
        assertThatThrownBy(this::copy)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("none that a mirror wrote");
        assertThat(MirrorReader.records(target)).hasSize(before + 1);
    }

    @Test
    void a_log_that_lost_what_the_target_holds_is_refused() throws Exception {
        KafkaBackend backend = topic.open();
        fill(backend, 2);
        copy();
        RecordedEvent lost =
                new RecordedEvent(StreamId.of("Order-0"), 3, new Position(1_000_000, 0), Instant.EPOCH, event());
        try (KafkaProducer<byte[], byte[]> producer = producer("")) {
            UUID logId = UUID.fromString(backend.status().logId());
            producer.send(MirrorRecords.write(target, logId, lost)).get();
        }
        assertThatThrownBy(this::copy)
                .isInstanceOf(LogDiverged.class)
                .hasMessageContaining("version 3 of stream Order-0");
    }

    @Test
    void a_target_whose_records_were_all_deleted_is_refused() throws Exception {
        fill(topic.open(), 2);
        copy();
        try (Admin admin = TestTopic.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(target, 0), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(this::copy)
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("all of them were deleted");
    }

    @Test
    void a_target_that_is_no_topic_or_the_log_itself_is_refused() {
        KafkaConfig config = topic.config().build();
        assertThatThrownBy(() -> KafkaMirror.open(config, "a b"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("no topic's name");
        assertThatThrownBy(() -> KafkaMirror.open(config, topic.name()))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("the log itself");
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", TestTopic.server().address().toString());
        settings.put("enable.metrics.push", false);
        if (!transactionalId.isEmpty()) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
