package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes events as records and waits until they are acknowledged. Thread-safe. */
interface KafkaSender extends AutoCloseable {

    /**
     * Writes the events of one append.
     *
     * @throws Exception if the broker did not acknowledge them
     */
    void send(StreamId stream, List<EventData> events) throws Exception;

    @Override
    void close();

    /** Each event is a record by itself. */
    static KafkaSender plain(KafkaProducer<byte[], byte[]> producer, String topic) {
        return new KafkaSender() {
            @Override
            public void send(StreamId stream, List<EventData> events) throws Exception {
                List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
                for (EventData event : events) {
                    sent.add(producer.send(record(topic, stream, event)));
                }
                for (Future<RecordMetadata> one : sent) {
                    one.get();
                }
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    /** Those who come together share a transaction. */
    static KafkaSender transactions(KafkaProducer<byte[], byte[]> producer, String topic) {
        producer.initTransactions();
        GroupCommit<List<ProducerRecord<byte[], byte[]>>, Boolean> groups = new GroupCommit<>(
                group -> {
                    producer.beginTransaction();
                    for (List<ProducerRecord<byte[], byte[]>> records : group) {
                        for (ProducerRecord<byte[], byte[]> record : records) {
                            var unused = producer.send(record); // the commit fails if this does
                        }
                    }
                    producer.commitTransaction();
                    List<Result<Boolean>> results = new ArrayList<>(group.size());
                    group.forEach(records -> results.add(new Result.Outcome<>(true)));
                    return results;
                },
                1_000,
                10_000,
                Duration.ofSeconds(30));
        return new KafkaSender() {
            @Override
            public void send(StreamId stream, List<EventData> events) {
                groups.commit(events.stream()
                        .map(event -> record(topic, stream, event))
                        .toList());
            }

            @Override
            public void close() {
                groups.close();
                producer.close();
            }
        };
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, StreamId stream, EventData event) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                0,
                stream.name().getBytes(StandardCharsets.UTF_8),
                event.payload().toByteArray());
        record.headers()
                .add("id", event.id().toString().getBytes(StandardCharsets.UTF_8))
                .add("type", event.type().getBytes(StandardCharsets.UTF_8))
                .add("contentType", event.contentType().getBytes(StandardCharsets.UTF_8))
                .add("metadata", event.metadata().toJson());
        return record;
    }
}
