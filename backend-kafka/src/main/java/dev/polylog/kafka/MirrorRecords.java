package dev.polylog.kafka;

import dev.polylog.Metadata;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Events as CloudEvents 1.0 in Kafka's binary mode: attributes in headers, the payload in the value, the stream as the key.
 *
 * <p>The names are those that the command line's export uses. Stateless and thread-safe.
 */
final class MirrorRecords {

    private static final String VERSION = "ce_polylogversion";
    private static final String POSITION = "ce_polylogposition";
    private static final String LOG = "ce_polyloglog";
    private static final String ID = "ce_id";
    private static final String STREAM = "ce_subject";

    /** Metadata with an attribute of its own. */
    private static final Map<String, String> EXTENSIONS =
            Map.of(Metadata.CORRELATION_ID, "ce_correlationid", Metadata.CAUSATION_ID, "ce_causationid");

    private MirrorRecords() {}

    /** Which event a record of the target is a copy of. */
    record Copied(UUID logId, StreamId stream, long version, Position position, UUID id) {}

    static ProducerRecord<byte[], byte[]> write(String topic, UUID logId, RecordedEvent event) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, bytes(event.stream().name()), event.payload().toByteArray());
        Headers headers = record.headers();
        headers.add("ce_specversion", bytes("1.0"));
        headers.add(ID, bytes(event.id().toString()));
        headers.add("ce_source", bytes("urn:polylog:" + logId));
        headers.add("ce_type", bytes(event.type()));
        headers.add(STREAM, bytes(event.stream().name()));
        headers.add("ce_time", bytes(event.recordedAt().toString()));
        headers.add("content-type", bytes(event.contentType()));
        headers.add(LOG, bytes(logId.toString()));
        headers.add(VERSION, bytes(String.valueOf(event.version())));
        headers.add(POSITION, bytes(event.position().toString()));
        metadata(event.metadata(), headers);
        return record;
    }

    private static void metadata(Metadata metadata, Headers headers) {
        Map<String, String> others = new TreeMap<>(metadata.asMap());
        EXTENSIONS.forEach((entry, header) -> metadata.get(entry)
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> {
                    headers.add(header, bytes(value));
                    others.remove(entry);
                }));
        if (!others.isEmpty()) {
            headers.add("ce_polylogmetadata", Metadata.of(others).toJson());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What a record is a copy of; empty where no mirror wrote it. */
    static Optional<Copied> read(ConsumerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        try {
            return Optional.of(new Copied(
                    UUID.fromString(text(headers, LOG)),
                    StreamId.of(text(headers, STREAM)),
                    Long.parseLong(text(headers, VERSION)),
                    Position.parse(text(headers, POSITION)),
                    UUID.fromString(text(headers, ID))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // the caller says where it lies
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new IllegalArgumentException("no header " + name);
        }
        return new String(header.value(), StandardCharsets.UTF_8);
    }
}
