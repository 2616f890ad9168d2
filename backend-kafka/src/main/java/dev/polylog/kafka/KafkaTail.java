package dev.polylog.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log as it grows and hands it to the applier.
 *
 * <p>It rests while the process's own records follow one another, as {@link TailPace} says.
 *
 * <p>One thread of its own. Brokers that are away are waited for; a log that is no longer what was read of it ends the view:
 * nothing is ever skipped or read again silently. Thread-safe.
 */
final class KafkaTail implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_MILLIS = 200;

    private final KafkaView view;
    private final KafkaApplier applier;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final LostTail lost;
    private volatile boolean stopped;

    /** What the consumer reads next. */
    private long at = -1;

    /**
     * Begins where the consumer stands.
     *
     * @param unaware for how long a leader that was replaced may not know it, and answer with the log as it was
     */
    KafkaTail(
            KafkaConfig config,
            Duration unaware,
            KafkaView view,
            KafkaApplier applier,
            Consumer<byte[], byte[]> consumer) {
        this.lost = new LostTail(unaware, System::nanoTime);
        this.view = view;
        this.applier = applier;
        this.consumer = consumer;
        this.partition = new TopicPartition(config.topic(), 0);
    }

    void stop() {
        stopped = true;
        view.pace().needNow();
        consumer.wakeup();
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                view.pace().await();
                read();
            }
        } catch (WakeupException | InterruptException | InterruptedException e) {
            LOG.debug("the tail ends", e);
        } finally {
            // The broker answers nothing before the fetch that it holds back, so there is nothing to wait for.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /**
     * Leaves out what is known from acknowledgements, but for the last record: so the client learns the leader's epoch at
     * which it stands, and the applier compares the record.
     */
    private void goOn() {
        long last = view.lastMark().lastOffset();
        if (last > at && at >= 0) {
            consumer.seek(partition, last);
            at = last;
        }
    }

    private void read() throws InterruptedException {
        try {
            goOn();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                lost.disproved();
                at = consumer.position(partition);
                if (!applier.fetched(records(records), at)) {
                    stopped = true;
                }
            }
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            if (KafkaFailures.isDivergence(e) && lost.said()) {
                stopped = true;
                view.diverged(String.valueOf(e.getMessage()));
                return;
            }
            LOG.warn("the topic cannot be read now and is tried again: {}", e.toString());
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    static List<LogRecord> records(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        List<LogRecord> list = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            list.add(new LogRecord(record.offset(), record.timestamp(), record.value()));
        }
        return list;
    }
}
