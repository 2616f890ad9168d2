package dev.polylog.kafka;

import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.KafkaApplier.Applied;
import dev.polylog.kafka.LogEntry.Origin;
import dev.polylog.spi.support.ThreadEnd;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that runs while a log is open: the view with the two threads that feed it, the writer, the head and the watch over the
 * topic.
 *
 * <p>Thread-safe. {@link #open} returns when the view holds all that was in the log when it was called.
 */
final class KafkaEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEngine.class);
    private static final Duration ENDING = Duration.ofSeconds(5);

    private final KafkaConfig config;
    private final KafkaView view;
    private final KafkaWriter writer;
    private final KafkaApplier applier;
    private final KafkaTail tail;
    private final KafkaHead head;
    private final KafkaTopicWatch watch;
    private final List<Thread> threads;
    /** The last record that was applied; for whoever applies, as {@link #hashDue} is. */
    private long lastOffset;

    /** The boundary whose hash whoever wrote the next record of this log is to publish; 0 where there is none. */
    private long hashDue;

    private KafkaEngine(
            KafkaConfig config,
            KafkaClients clients,
            KafkaTopic topic,
            KafkaView view,
            Consumer<byte[], byte[]> reading) {
        this.config = config;
        this.view = view;
        this.lastOffset = view.lastMark().lastOffset();
        this.applier = new KafkaApplier(view, new Listener());
        this.writer = new KafkaWriter(config, () -> clients.producer(topic.replicas()), applier::acknowledged);
        this.tail = new KafkaTail(config, topic.leadersUnaware(config), view, applier, reading);
        this.head = new KafkaHead(
                config,
                topic.replicas() > 1 ? KafkaHead.Way.WRITE : KafkaHead.Way.ASK,
                view,
                writer,
                clients.consumer());
        this.watch = new KafkaTopicWatch(config, clients, view, topic.id());
        this.threads = List.of(
                thread(tail, "polylog-kafka-tail"),
                thread(applier, "polylog-kafka-view"),
                thread(watch, "polylog-kafka-topic"));
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    static KafkaEngine open(KafkaConfig config, KafkaClients clients, KafkaTopic topic) {
        ViewFolder folder = ViewFolder.claim(config.views().resolve(config.topic()));
        Consumer<byte[], byte[]> reading = null;
        ViewOpening.Opened opened;
        try {
            reading = clients.consumer();
            opened = new ViewOpening(config, folder, topic, reading).open();
        } catch (RuntimeException e) {
            if (reading != null) {
                reading.close();
            }
            folder.close();
            throw e;
        }
        KafkaEngine engine = new KafkaEngine(config, clients, topic, opened.view(), reading);
        try {
            engine.begin(opened);
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private void begin(ViewOpening.Opened opened) {
        applier.begin(opened.fetched(), opened.next());
        threads.forEach(Thread::start);
        catchUp(opened.end());
        if (view.mark().logId() == null) {
            found(opened.end());
        }
        UUID logId = view.mark().logId();
        if (opened.divergedAt() >= 0 && logId != null) {
            writer.send(logId, new LogEntry.Divergence(opened.divergedAt())).await(Deadline.in(config.patience()));
        }
    }

    /** Waits for as long as the view moves. */
    private void catchUp(long end) {
        long begun = System.nanoTime();
        long before = -1;
        while (view.mark().next() < end) {
            long next = view.mark().next();
            if (next == before) {
                throw new StoreUnavailable(
                        config.address() + ": the topic was read up to offset " + next + " of " + end
                                + ", and then nothing came for "
                                + config.timeout().toMillis() + " ms",
                        null);
            }
            if (before >= 0) {
                LOG.info("{}: the view in {} has read {} of {} records", config.address(), view.folder(), next, end);
            }
            before = next;
            awaitMostly(end);
        }
        if (view.added() > 0) {
            double seconds = (System.nanoTime() - begun) / 1e9;
            LOG.info(
                    "{}: the view in {} has caught up: {} events in {} s, {} events/s",
                    config.address(),
                    view.folder(),
                    view.added(),
                    String.format(Locale.ROOT, "%.1f", seconds),
                    Math.round(view.added() / seconds));
        }
    }

    private void awaitMostly(long end) {
        try {
            view.awaitNext(end, Deadline.in(config.timeout()));
        } catch (StoreUnavailable e) {
            view.mark(); // says so where it cannot go on
            LOG.debug("not there yet", e);
        }
    }

    /** The first record of the topic gives the log its id; ours, or that of somebody who opens it too. */
    private void found(long end) {
        if (end > 0) {
            throw new IncompatibleLayout(
                    config.address() + " cannot be used: the topic holds " + end
                            + " records, and none of them begins a log. Name a topic that is empty, or none yet",
                    null);
        }
        writer.send(UUID.randomUUID(), new LogEntry.Founding());
        view.awaitNext(1, Deadline.in(config.patience()));
    }

    /** Hears of what the applier does. */
    private final class Listener implements KafkaApplier.Listener {

        @Override
        public void decided(List<Applied> batch) {
            for (Applied applied : batch) {
                if (isOwn(applied)) {
                    writer.decided(applied.judged(), applied.record().offset());
                }
            }
        }

        @Override
        public void applied(List<Applied> batch) {
            KafkaEngine.this.applied(batch);
        }
    }

    private boolean isOwn(Applied applied) {
        Origin origin = applied.judged().origin();
        return origin != null && origin.writer().equals(writer.id());
    }

    private void applied(List<Applied> batch) {
        for (Applied applied : batch) {
            if (applied.judged().decision() instanceof Decision.Refused refused) {
                LOG.debug(
                        "the record at offset {} has no effect: {}",
                        applied.record().offset(),
                        refused.reason());
                if (refused.otherLog()) {
                    watch.look();
                }
            }
            long boundary = applied.record().offset() / KafkaRules.HASH_EVERY * KafkaRules.HASH_EVERY;
            if (boundary > lastOffset) {
                hashDue = boundary;
            }
            if (hashDue > 0 && applied.judged().origin() != null) {
                if (isOwn(applied)) {
                    long due = hashDue;
                    applier.errand(() -> publishHash(due));
                }
                hashDue = 0;
            }
            lastOffset = applied.record().offset();
        }
    }

    /** Whoever wrote the first record of this log behind a boundary says what it made of all records below. */
    private void publishHash(long boundary) {
        try {
            Long hash = view.rows().hash(boundary);
            UUID logId = view.mark().logId();
            if (hash != null && logId != null) {
                writer.send(logId, new LogEntry.StateHash(boundary, hash));
            }
        } catch (PolylogException e) {
            LOG.info("the hash of offset {} is not published: {}", boundary, e.getMessage());
        }
    }

    KafkaView view() {
        return view;
    }

    KafkaWriter writer() {
        return writer;
    }

    KafkaHead head() {
        return head;
    }

    KafkaTopicWatch watch() {
        return watch;
    }

    /** Ends in the order in which one part needs another: what is under way may still be decided. */
    @Override
    public void close() {
        writer.close();
        tail.stop();
        applier.stop();
        watch.stop();
        threads.forEach(thread -> ThreadEnd.await(thread, ENDING));
        writer.abandon();
        head.close();
        view.close();
    }
}
