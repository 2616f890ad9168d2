package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.MirrorReplaced;
import dev.polylog.PolylogException;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to a mirror's target, each page of events in one transaction. Its transactional id belongs to the target, so the
 * broker shuts out whoever mirrored to it before and ends what that one had begun.
 *
 * <p>For one thread. After a failure it is of no use any more.
 */
final class MirrorWriter implements AutoCloseable {

    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final KafkaConfig config;
    private final String topic;
    private final Producer<byte[], byte[]> producer;

    MirrorWriter(KafkaConfig config, String topic, Producer<byte[], byte[]> producer) {
        this.config = config;
        this.topic = topic;
        this.producer = producer;
    }

    /** The transactional id of all mirrors to a topic. */
    static String id(String topic) {
        return "polylog-mirror-" + topic;
    }

    /**
     * Shuts out whoever wrote before, and writes a record to each partition in a transaction that is given up: a leader that
     * takes it is the leader, and all that was committed before lies below it.
     *
     * @return the offsets of those records
     */
    Map<TopicPartition, Long> takeOver(List<TopicPartition> partitions) {
        return doing("taking the topic " + topic + " over", () -> {
            producer.initTransactions();
            producer.beginTransaction();
            Map<TopicPartition, Future<RecordMetadata>> sent = new HashMap<>();
            for (TopicPartition partition : partitions) {
                sent.put(
                        partition,
                        producer.send(new ProducerRecord<>(topic, partition.partition(), null, new byte[0])));
            }
            producer.flush();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            for (Map.Entry<TopicPartition, Future<RecordMetadata>> one : sent.entrySet()) {
                offsets.put(one.getKey(), one.getValue().get().offset());
            }
            producer.abortTransaction();
            return offsets;
        });
    }

    /** Writes events in one transaction; when it returns they are committed. */
    void write(UUID logId, List<RecordedEvent> events) {
        doing("writing to the topic " + topic, () -> {
            producer.beginTransaction();
            List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
            for (RecordedEvent event : events) {
                sent.add(producer.send(MirrorRecords.write(topic, logId, event)));
            }
            producer.flush();
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
            producer.commitTransaction();
            return events.size();
        });
    }

    private <T> T doing(String what, Doing<T> work) {
        try {
            return work.make();
        } catch (ExecutionException e) {
            throw failed(what, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException | IllegalStateException e) {
            throw failed(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(what, e);
        }
    }

    private PolylogException failed(String what, Throwable failure) {
        if (isFenced(failure)) {
            return new MirrorReplaced(
                    config.address() + ": another mirror has taken the topic " + topic
                            + " over, or this one was held up for so long that the broker gave it up. Nothing is there"
                            + " twice or missing; start one mirror again",
                    failure);
        }
        if (failure instanceof RecordTooLargeException) {
            return new IncompatibleLayout(
                    config.address() + ": the topic " + topic + " does not take an event of that size ("
                            + failure.getMessage() + "). Raise its max.message.bytes",
                    failure);
        }
        return new StoreUnavailable(
                config.address() + ": " + what + " failed: " + KafkaFailures.message(failure)
                        + ". Whether the last events were taken is seen at the next start",
                failure);
    }

    private static boolean isFenced(@Nullable Throwable failure) {
        return failure != null
                && (failure instanceof ProducerFencedException
                        || failure instanceof InvalidProducerEpochException
                        || isFenced(failure.getCause()));
    }

    /** Gives up what is open, where that can be told to the broker in time. */
    @Override
    public void close() {
        producer.close(CLOSING);
    }

    /** Work of the client. */
    private interface Doing<T> {
        T make() throws ExecutionException, InterruptedException;
    }
}
