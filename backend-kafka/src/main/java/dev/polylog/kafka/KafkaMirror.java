package dev.polylog.kafka;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.IncompatibleLayout;
import dev.polylog.InvalidStoreUrl;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.kafka.MirrorRecords.Copied;
import dev.polylog.spi.EventMirror;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Copies accepted events, in order and each once, as CloudEvents (binary mode) to a topic for ordinary consumers, who read it
 * with {@code isolation.level=read_committed}. The steps:
 *
 * <ol>
 *   <li>Take the target over: the broker shuts out whoever mirrored to it before, and ends what that one had begun.
 *   <li>Read the last committed record of each of its partitions; the furthest says where to go on.
 *   <li>Require that it is of this log, and that the log still has that event there.
 *   <li>Copy page by page, each in one transaction. A target of one partition has the log's order; one of several has that
 *       of each stream, which is the key.
 * </ol>
 *
 * <p>Nothing else says how far the target has come, so it may be stopped at any moment and started elsewhere. After a failure
 * it begins again with the first step, unless another mirror has taken over. For one thread. Failures are
 * those of {@link EventMirror}.
 */
public final class KafkaMirror implements EventMirror {

    private static final int MOST_EVENTS = 1_000;
    private static final long MOST_BYTES = 4L << 20;

    private final KafkaConfig config;
    private final KafkaClients clients;
    private final String target;
    private final KafkaBackend log;
    private final UUID logId;
    private final Semaphore grown = new Semaphore(0);
    private final Registration signal;
    private @Nullable MirrorWriter writer;
    private Position position = Position.START;
    private boolean closed;

    private KafkaMirror(KafkaConfig config, String target, KafkaBackend log) {
        this.config = config;
        this.clients = new KafkaClients(config);
        this.target = target;
        this.log = log;
        this.logId = UUID.fromString(log.status().logId());
        this.signal = log.signal(grown::release);
    }

    /**
     * Opens the log, with a view of its own, and makes the target where it does not exist: with one partition, and nothing is
     * deleted from it. Takes nothing over yet.
     *
     * @param config which log
     * @param target the topic to copy to, on the same brokers
     * @return the open mirror
     * @throws InvalidStoreUrl if the target cannot be the name of a topic, or is the log itself
     * @throws StoreUnavailable if the brokers cannot be reached
     * @throws IncompatibleLayout if the log cannot be used
     */
    public static KafkaMirror open(KafkaConfig config, String target) {
        if (!KafkaConfig.isTopicName(target)) {
            throw new InvalidStoreUrl(
                    config.address(),
                    List.of("the target is no topic's name; expected 1 to 249 of a-z, A-Z, 0-9, '.', '_' and '-'"));
        }
        if (target.equals(config.topic())) {
            throw new InvalidStoreUrl(
                    config.address(), List.of("the target is the log itself; name another topic, or none yet"));
        }
        KafkaBackend log = KafkaBackend.open(config);
        try {
            var unused = new KafkaClients(config).ask(admin -> KafkaTopic.prepareTarget(config, target, admin));
            return new KafkaMirror(config, target, log);
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    @Override
    public int copyNext(Duration patience) {
        if (closed) {
            throw new StoreClosed();
        }
        try {
            MirrorWriter now = writer == null ? begin() : writer;
            List<RecordedEvent> events = next(patience);
            if (!events.isEmpty()) {
                now.write(logId, events);
                position = events.get(events.size() - 1).position();
            }
            return events.size();
        } catch (RuntimeException e) {
            giveUp();
            throw e;
        }
    }

    private List<RecordedEvent> next(Duration patience) {
        grown.drainPermits();
        List<RecordedEvent> events = page();
        return !events.isEmpty() || patience.isZero() || !grows(patience) ? events : page();
    }

    private List<RecordedEvent> page() {
        return log.readAll(new LogRead(Direction.FORWARDS, position, Filter.all(), MOST_EVENTS, MOST_BYTES))
                .events();
    }

    private boolean grows(Duration patience) {
        try {
            return grown.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(config.address() + ": interrupted while waiting for events", e);
        }
    }

    private MirrorWriter begin() {
        MirrorWriter begun = new MirrorWriter(config, target, clients.transactionalProducer(MirrorWriter.id(target)));
        writer = begun;
        Consumer<byte[], byte[]> consumer = clients.committedConsumer();
        try {
            MirrorTarget there = new MirrorTarget(config, target, consumer);
            Copied last = there.last(logId, begun.takeOver(there.partitions()));
            if (last != null) {
                requireThere(last);
            }
            position = last == null ? Position.START : last.position();
            return begun;
        } catch (KafkaException e) {
            throw KafkaFailures.known(config.address(), "reading the topic " + target, e);
        } finally {
            // The broker holds back a fetch at the target's end, and answers nothing before it.
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    /** A log that has lost its tail has given the place to another event. */
    private void requireThere(Copied last) {
        boolean there = log.readStream(StreamRead.forwards(last.stream(), last.version(), 1)).events().stream()
                .anyMatch(event ->
                        event.id().equals(last.id()) && event.position().equals(last.position()));
        if (!there) {
            throw new LogDiverged(config.address() + " cannot be mirrored to the topic " + target
                    + " any more: the last event there, version " + last.version() + " of stream "
                    + last.stream().name()
                    + ", is not in the log, which lost its tail since. Mirror to a new topic");
        }
    }

    private void giveUp() {
        MirrorWriter broken = writer;
        writer = null;
        if (broken != null) {
            broken.close();
        }
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public void close() {
        closed = true;
        signal.close();
        log.close();
        giveUp();
    }
}
