package dev.polylog.kafka;

import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.Decision.Judged;
import dev.polylog.kafka.KafkaFailures.Meaning;
import dev.polylog.kafka.LogEntry.Origin;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into the log and knows those whose decision is not known yet.
 *
 * <p>Every record carries this writer's id, its epoch and a sequence number that grows. Since every process refuses a record
 * that does not follow the last one of its writer, a later record of ours that is in the log settles all earlier ones: they
 * are in the log before it, or never will be. A <em>fence</em> is such a record, of a new epoch, written on purpose.
 *
 * <p>Records get their numbers and go to the client under one lock, so that the client sends them in their order.
 * Thread-safe. Upholds rule A-05.
 */
final class KafkaWriter implements AutoCloseable {

    /** Hears of records that the broker has acknowledged, from the client's own thread. */
    interface Acknowledged {

        /**
         * A record is in the log.
         *
         * @param alone whether no other record of ours is undecided
         */
        void accept(LogRecord record, boolean alone);
    }

    private static final Duration CLOSING = Duration.ofSeconds(3);

    private final UUID id = UUID.randomUUID();
    private final String topic;
    private final String address;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Acknowledged acknowledged;
    private final ConcurrentSkipListMap<Long, Sent> undecided = new ConcurrentSkipListMap<>();
    private final ReentrantLock sending = new ReentrantLock();
    private @Nullable Producer<byte[], byte[]> producer;
    private int epoch = 1;
    private long sequence;
    private boolean closed;

    /** The highest sequence among those in doubt; 0 where there was none. */
    private volatile long doubtful;

    private volatile long settled;

    KafkaWriter(KafkaConfig config, Supplier<Producer<byte[], byte[]>> producers, Acknowledged acknowledged) {
        this.topic = config.topic();
        this.address = config.address();
        this.producers = producers;
        this.acknowledged = acknowledged;
    }

    UUID id() {
        return id;
    }

    /** Whether there are records of ours of which nobody knows yet whether they will be in the log. */
    boolean inDoubt() {
        return doubtful > settled;
    }

    /**
     * Sends a record.
     *
     * @param logId the log that it is for
     * @param entry what it says
     * @return what to wait for
     * @throws StoreUnavailable if it was not sent and never will be
     */
    Sent send(UUID logId, LogEntry entry) {
        return send(RecordCodec.write(logId, id, entry), 0);
    }

    /**
     * Sends a record of a new epoch: once it is decided, so is everything before it.
     *
     * @param logId the log
     * @return what to wait for
     */
    Sent fence(UUID logId) {
        return send(RecordCodec.write(logId, id, new LogEntry.Barrier()), 1);
    }

    private Sent send(byte[] record, int epochs) {
        Sent sent;
        sending.lock();
        try {
            if (closed) {
                throw new StoreClosed();
            }
            epoch += epochs;
            sequence++;
            RecordCodec.seal(record, epoch, sequence);
            sent = new Sent(epoch, sequence);
            undecided.put(sequence, sent);
            give(record, sent);
        } finally {
            sending.unlock();
        }
        return sent;
    }

    private void give(byte[] record, Sent sent) {
        try {
            var unused = producer().send(new ProducerRecord<>(topic, 0, null, record), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged(metadata, record);
                } else {
                    failed(sent, failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            undecided.remove(sent.sequence());
            if (!(e instanceof TimeoutException)) {
                renew();
            }
            throw KafkaFailures.known(address, "sending a record", e);
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> now = producer;
        if (now == null) {
            now = producers.get();
            producer = now;
        }
        return now;
    }

    /** A client that refuses to send may have given up for good. What it still holds goes on to be settled by sequence. */
    private void renew() {
        Producer<byte[], byte[]> broken = producer;
        producer = null;
        if (broken != null) {
            broken.close(Duration.ZERO);
        }
    }

    private void acknowledged(RecordMetadata metadata, byte[] record) {
        if (metadata.hasOffset()) {
            Map.Entry<Long, Sent> first = undecided.firstEntry();
            boolean alone = first != null && undecided.higherKey(first.getKey()) == null;
            acknowledged.accept(new LogRecord(metadata.offset(), metadata.timestamp(), record), alone);
        }
    }

    private void failed(Sent sent, Exception failure) {
        if (KafkaFailures.ofSend(failure) == Meaning.NOT_WRITTEN) {
            undecided.remove(sent.sequence());
            sent.late();
        } else {
            doubt(sent, failure);
        }
    }

    /** Nobody knows what became of a record; from now on reads settle it first. */
    void doubt(Sent sent, Throwable why) {
        synchronized (undecided) {
            doubtful = Math.max(doubtful, sent.sequence());
        }
        sent.failed(why);
    }

    /** The log has decided a record of ours: with it everything before it is settled. */
    void decided(Judged judged, long offset) {
        Origin origin = judged.origin();
        if (origin == null || judged.decision() instanceof Decision.Late) {
            return;
        }
        Sent sent = undecided.remove(origin.sequence());
        if (sent != null) {
            sent.decided(judged.decision(), offset);
        }
        Map<Long, Sent> earlier = undecided.headMap(origin.sequence());
        if (!earlier.isEmpty()) {
            earlier.values().forEach(Sent::late);
            earlier.clear();
        }
        settled = origin.sequence();
    }

    /** Gives what is under way a moment, then gives it up; what is undecided then is in doubt. */
    @Override
    public void close() {
        Producer<byte[], byte[]> last;
        sending.lock();
        try {
            closed = true;
            last = producer;
            producer = null;
        } finally {
            sending.unlock();
        }
        if (last != null) {
            last.close(CLOSING);
        }
    }

    /** Tells those who still wait that nobody will answer. */
    void abandon() {
        undecided.values().forEach(sent -> sent.failed(new StoreClosed()));
    }
}
