package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.MirrorRecords.Copied;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads how far a mirror's target has come: the furthest of the last committed events of its partitions. Since each
 * transaction holds events that follow one another, everything before that one is there.
 *
 * <p>For one thread. Closes nothing.
 */
final class MirrorTarget {

    /** How far before a partition's end the search for its last event begins; it goes eight times as far each time. */
    private static final long FIRST_STEP = 64;

    private final KafkaConfig config;
    private final String topic;
    private final Consumer<byte[], byte[]> consumer;

    MirrorTarget(KafkaConfig config, String topic, Consumer<byte[], byte[]> consumer) {
        this.config = config;
        this.topic = topic;
        this.consumer = consumer;
    }

    List<TopicPartition> partitions() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo info : consumer.partitionsFor(topic, config.timeout())) {
            partitions.add(new TopicPartition(topic, info.partition()));
        }
        return partitions;
    }

    /**
     * The last event that the target holds.
     *
     * @param logId the log that it must be of
     * @param written an offset in each partition that is not above the end, and that nobody's open transaction may precede
     * @return the event, or null where the target has never held one
     * @throws IncompatibleLayout if its last records are not of that log, or were deleted
     */
    @Nullable
    Copied last(UUID logId, Map<TopicPartition, Long> written) {
        Map<TopicPartition, Long> ends = ends(written);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(ends.keySet(), config.timeout());
        Copied last = null;
        boolean deleted = false;
        for (TopicPartition partition : ends.keySet()) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            deleted |= beginning > 0;
            Optional<ConsumerRecord<byte[], byte[]>> record =
                    lastRecord(partition, beginning, ends.getOrDefault(partition, 0L));
            Copied copied = record.map(found -> copied(found, logId)).orElse(null);
            if (copied != null && (last == null || copied.position().isAfter(last.position()))) {
                last = copied;
            }
        }
        if (last == null && deleted) {
            throw new IncompatibleLayout(
                    config.address() + ": the topic " + topic + " held records and all of them were deleted, so it does"
                            + " not say where to go on. Mirror to a new topic, and keep its last records",
                    null);
        }
        return last;
    }

    /** Waits until what is committed reaches beyond what was written. */
    private Map<TopicPartition, Long> ends(Map<TopicPartition, Long> written) {
        Deadline deadline = Deadline.in(config.timeout());
        while (true) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(written.keySet(), config.timeout());
            if (written.entrySet().stream()
                    .allMatch(entry -> ends.getOrDefault(entry.getKey(), -1L) > entry.getValue())) {
                return new HashMap<>(ends);
            }
            if (deadline.remaining() <= 0) {
                throw new StoreUnavailable(
                        config.address() + ": a transaction of somebody else is open in the topic " + topic
                                + ", so what it holds cannot be told. Only mirrors should write to it; try again later",
                        null);
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("interrupted while looking at the target", e);
        }
    }

    private Optional<ConsumerRecord<byte[], byte[]>> lastRecord(TopicPartition partition, long beginning, long end) {
        consumer.assign(List.of(partition));
        long from = end;
        for (long step = FIRST_STEP; from > beginning; step *= 8) {
            from = Math.max(beginning, end - step);
            consumer.seek(partition, from);
            ConsumerRecord<byte[], byte[]> last = readTo(partition, end);
            if (last != null) {
                return Optional.of(last);
            }
        }
        return Optional.empty();
    }

    private @Nullable ConsumerRecord<byte[], byte[]> readTo(TopicPartition partition, long end) {
        Deadline deadline = Deadline.in(config.timeout());
        ConsumerRecord<byte[], byte[]> last = null;
        while (consumer.position(partition, config.timeout()) < end) {
            if (deadline.remaining() <= 0) {
                throw new StoreUnavailable(
                        config.address() + ": the end of the topic " + topic + " cannot be read in time", null);
            }
            Collection<ConsumerRecord<byte[], byte[]>> records =
                    consumer.poll(deadline.left()).records(partition);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                last = record;
            }
        }
        return last;
    }

    private Copied copied(ConsumerRecord<byte[], byte[]> record, UUID logId) {
        Optional<Copied> copied = MirrorRecords.read(record);
        if (copied.isEmpty() || !copied.get().logId().equals(logId)) {
            throw new IncompatibleLayout(
                    config.address() + " cannot be mirrored to the topic " + topic + ": its last record, offset "
                            + record.offset() + " of partition " + record.partition() + ", is "
                            + copied.map(other -> "an event of the log " + other.logId())
                                    .orElse("none that a mirror wrote")
                            + ", and this is the log " + logId + ". Name a topic that is empty, or none yet",
                    null);
        }
        return copied.get();
    }
}
