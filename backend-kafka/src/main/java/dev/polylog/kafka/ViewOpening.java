package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.StoreUnavailable;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the view that a folder holds, if it is one of this log as the log is now; else begins a new one. The steps:
 *
 * <ol>
 *   <li>Files that cannot be opened, or are of another format, are made anew.
 *   <li>A view of another topic of that name is made anew.
 *   <li>A view that has read further than the log goes now, or whose last record is another one in the log, is made anew, and
 *       that the log lost its tail is noted. Where there are several replicas a leader that was replaced and does not know it
 *       yet has an old log too: so that is what the brokers must say for as long as {@link KafkaConfig#timeout()}.
 *   <li>A topic whose beginning was deleted is refused: no view could be made from it.
 * </ol>
 *
 * <p>For one thread.
 */
final class ViewOpening {

    private static final Logger LOG = LoggerFactory.getLogger(ViewOpening.class);

    private static final long PAUSE_MILLIS = 100;

    private final KafkaConfig config;
    private final ViewFolder folder;
    private final KafkaTopic topic;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;

    /** What was fetched to look at the last record the view has read. */
    private List<LogRecord> fetched = List.of();

    ViewOpening(KafkaConfig config, ViewFolder folder, KafkaTopic topic, Consumer<byte[], byte[]> consumer) {
        this.config = config;
        this.folder = folder;
        this.topic = topic;
        this.consumer = consumer;
        this.partition = new TopicPartition(config.topic(), 0);
    }

    /**
     * An open view, with the consumer behind what is fetched already.
     *
     * @param view the view
     * @param fetched records that were fetched while looking: some the view has read already, the others follow without a
     *     gap. Seeking back for them would wait for the fetch that is under way, half a second at the end of the log
     * @param next the offset that the consumer reads next
     * @param end where the log ended when it was opened
     * @param divergedAt the offset from which on the log is another one than before; -1 where it is not
     */
    record Opened(KafkaView view, List<LogRecord> fetched, long next, long end, long divergedAt) {}

    Opened open() {
        try {
            long beginning = offset(consumer.beginningOffsets(List.of(partition), config.timeout()));
            if (beginning > 0) {
                throw new IncompatibleLayout(
                        config.address() + " cannot be used: its records below offset " + beginning
                                + " were deleted, and with them events. Restore the topic, or name another one",
                        null);
            }
            // Asked before anything is fetched: an answer behind a fetch that is held back comes half a second later.
            return open(end());
        } catch (KafkaException e) {
            throw KafkaFailures.known(config.address(), "reading the topic", e);
        }
    }

    private long offset(Map<TopicPartition, Long> offsets) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new StoreUnavailable(config.address() + ": the topic's ends are not known", null);
        }
        return offset;
    }

    private long end() {
        return offset(consumer.endOffsets(List.of(partition), config.timeout()));
    }

    private Opened open(long firstEnd) {
        ViewStore store = files();
        try {
            ViewMark mark = mark(store);
            String foreign = foreign(mark);
            String diverged = foreign == null ? divergedForGood(mark, firstEnd) : null;
            long end = diverged == null ? firstEnd : end();
            long from = mark.lastOffset();
            if (foreign != null || diverged != null) {
                LOG.warn("the view in {} is made anew: {}", folder, foreign == null ? diverged : foreign);
                store.close();
                folder.wipe();
                store = files();
                mark = ViewMark.beginning(topic.id());
                fetched = List.of();
            }
            if (fetched.isEmpty()) {
                consumer.seek(partition, mark.next());
            }
            return new Opened(
                    new KafkaView(folder, store, mark),
                    fetched,
                    consumer.position(partition, config.timeout()),
                    end,
                    diverged == null ? -1 : Math.min(from, end));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** The files, made anew where they cannot be opened. */
    private ViewStore files() {
        try {
            return ViewStore.open(folder.files(), folder::condemn);
        } catch (RocksDBException e) {
            LOG.warn("the view in {} cannot be opened and is made anew: {}", folder, e.getMessage());
            folder.wipe();
        }
        try {
            return ViewStore.open(folder.files(), folder::condemn);
        } catch (RocksDBException e) {
            throw new StoreUnavailable("a view cannot be made in " + folder + ": " + e.getMessage(), e);
        }
    }

    private ViewMark mark(ViewStore store) {
        try {
            ViewMark mark = new ViewRows(store).mark();
            return mark == null ? ViewMark.beginning(topic.id()) : mark;
        } catch (MalformedRecord | StoreUnavailable e) {
            LOG.warn("the view in {} cannot be read: {}", folder, e.getMessage());
            return ViewMark.beginning(Uuid.ZERO_UUID);
        }
    }

    private @Nullable String foreign(ViewMark mark) {
        if (mark.topicId().equals(topic.id())) {
            return null;
        }
        return mark.topicId().equals(Uuid.ZERO_UUID)
                ? "it cannot be read"
                : "it is one of another topic of that name, which was made anew since";
    }

    private @Nullable String divergedForGood(ViewMark mark, long end) {
        Deadline deadline = Deadline.in(topic.leadersUnaware(config));
        String diverged = diverged(mark, end);
        while (diverged != null && deadline.remaining() > 0) {
            LOG.debug("{}: {}; asking again", config.address(), diverged);
            pause();
            diverged = diverged(mark, end());
        }
        return diverged;
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(config.address() + ": interrupted while opening", e);
        }
    }

    private @Nullable String diverged(ViewMark mark, long end) {
        fetched = List.of();
        if (mark.next() > end) {
            return "it has read the log up to offset " + mark.next() + ", which ends at " + end + " now";
        }
        return mark.lastOffset() < 0 || sameRecord(mark)
                ? null
                : "the log has another record at offset " + mark.lastOffset() + " than when it was read";
    }

    /**
     * Whether the log has the record that was read last: then it has all before it. The mark's leader epoch is not asked about:
     * it may be an older one than that record's, and to a log of which an old epoch ended earlier that is a lost tail.
     */
    private boolean sameRecord(ViewMark mark) {
        Deadline deadline = Deadline.in(config.timeout());
        consumer.seek(partition, mark.lastOffset());
        try {
            while (deadline.remaining() > 0) {
                fetched = KafkaTail.records(consumer.poll(deadline.left()));
                if (!fetched.isEmpty()) {
                    LogRecord first = fetched.get(0);
                    return first.offset() == mark.lastOffset()
                            && RecordCodec.checksum(first.value()) == mark.lastChecksum();
                }
            }
        } catch (OffsetOutOfRangeException e) {
            LOG.debug("the log has lost its tail", e);
            return false;
        }
        throw new StoreUnavailable(
                config.address() + ": the record at offset " + mark.lastOffset() + " cannot be read", null);
    }
}
