package dev.polylog.kafka;

import dev.polylog.StoreUnavailable;
import dev.polylog.spi.support.GroupCommit;
import dev.polylog.spi.support.GroupCommit.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes the view current: everything that was acknowledged to anybody before a call began is in it when the call returns
 * (rules R-04, G-06, K-02).
 *
 * <p>The end of the log is asked for in one of two ways. Where the topic has one replica there is one broker that can know it,
 * and it is asked. Where there are several, a leader that was replaced and does not know it yet would answer with an old
 * end; so a barrier is written, and whoever sees it has seen everything before it. The same where records of ours are in
 * doubt. Callers who come together share one question. Thread-safe.
 */
final class KafkaHead implements AutoCloseable {

    /** How the end of the log is found. */
    enum Way {
        /** Ask the leader. */
        ASK,
        /** Write a barrier. */
        WRITE
    }

    private static final Duration ENDING = Duration.ofMillis(200);
    private static final int MOST = 100_000;
    private static final Object ASKING = new Object();

    private final KafkaConfig config;
    private final Way way;
    private final KafkaView view;
    private final KafkaWriter writer;
    private final Consumer<byte[], byte[]> consumer;
    private final ReentrantLock asking = new ReentrantLock();
    private final TopicPartition partition;
    private final GroupCommit<Object, Long> together;

    KafkaHead(KafkaConfig config, Way way, KafkaView view, KafkaWriter writer, Consumer<byte[], byte[]> consumer) {
        this.config = config;
        this.way = way;
        this.view = view;
        this.writer = writer;
        this.consumer = consumer;
        this.partition = new TopicPartition(config.topic(), 0);
        // Nobody is waited for: asking is quick, and who asks is about to read.
        this.together = new GroupCommit<>((group, more) -> answer(group), MOST, MOST, config.timeout());
    }

    /**
     * Waits until the view holds everything that was there when the call began.
     *
     * @throws StoreUnavailable if the brokers do not answer in time
     */
    void current() {
        view.mark();
        Deadline deadline = Deadline.in(config.timeout());
        view.awaitNext(together.commit(ASKING), deadline);
    }

    private List<Result<Long>> answer(List<Object> group) {
        long end = way == Way.WRITE || writer.inDoubt() ? written() : asked();
        List<Result<Long>> answers = new ArrayList<>(group.size());
        group.forEach(caller -> answers.add(new Result.Outcome<>(end)));
        return answers;
    }

    private long asked() {
        long known = view.mark().next();
        asking.lock();
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition), config.timeout());
            Long end = ends.get(partition);
            if (end == null) {
                throw new StoreUnavailable(config.address() + ": the topic's end is not known", null);
            }
            if (end < known) {
                view.diverged("it was read up to offset " + known + ", and ends at " + end + " now");
            }
            return end;
        } catch (KafkaException e) {
            throw KafkaFailures.known(config.address(), "asking for the topic's end", e);
        } finally {
            asking.unlock();
        }
    }

    private long written() {
        return settle(config.timeout());
    }

    /**
     * Writes a fence and waits until the log has decided it: everything that was sent before is settled then.
     *
     * @return the offset behind it
     * @throws StoreUnavailable if that is not so in time
     */
    long settle(Duration patience) {
        UUID logId = view.mark().logId();
        if (logId == null) {
            throw new StoreUnavailable(config.address() + ": the log has no id yet", null);
        }
        Deadline deadline = Deadline.in(patience);
        Sent sent = writer.inDoubt() ? writer.fence(logId) : writer.send(logId, new LogEntry.Barrier());
        if (sent.await(deadline) instanceof Decision.Noted) {
            return sent.offset() + 1;
        }
        view.mark();
        writer.doubt(sent, new StoreUnavailable("a barrier was not seen in time", null));
        throw new StoreUnavailable(
                config.address() + ": a barrier that was written is not to be seen in the log after "
                        + patience.toMillis() + " ms: "
                        + KafkaFailures.message(sent.failure()) + ". Try again later",
                sent.failure());
    }

    @Override
    public void close() {
        together.close();
        asking.lock();
        try {
            consumer.close(CloseOptions.timeout(ENDING));
        } finally {
            asking.unlock();
        }
    }
}
