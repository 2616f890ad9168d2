package dev.polylog.kafka;

import dev.polylog.StoreClosed;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The log in a Kafka topic of one partition, shared by any number of processes; its order decides every append.
 *
 * <p>Applications open it by {@code EventStore.open("kafka://host:9092/topic")}, or by {@link #open(KafkaConfig)} and
 * {@code EventStore.over(backend)}. Thread-safe. Failures: {@link dev.polylog.StoreUnavailable} where nothing was written,
 * {@link dev.polylog.AppendOutcomeUnknown} where a record was sent and not seen in time,
 * {@link dev.polylog.LogDiverged} where the topic is no longer what was read of it. It keeps all rules; what it declares is
 * in {@link #traits()}.
 */
public final class KafkaBackend implements LogBackend {

    private final BackendTraits traits;
    private final KafkaEngine engine;
    private final KafkaAppender appender;
    private final KafkaReader reader;
    private final KafkaCells cells;
    private final KafkaSignal signal;
    private final AtomicBoolean closed = new AtomicBoolean();

    private KafkaBackend(KafkaConfig config, KafkaTopic topic, KafkaEngine engine) {
        this.traits = KafkaTraits.of(config, topic);
        this.engine = engine;
        this.appender = new KafkaAppender(config, engine.view(), engine.writer(), engine.head(), engine.watch());
        this.reader = new KafkaReader(engine.view(), engine.head());
        this.cells = new KafkaCells(config, engine.view(), engine.writer(), engine.head(), engine.watch());
        this.signal = new KafkaSignal(engine.view());
    }

    /**
     * Opens the log, and makes the topic where it does not exist yet (rule L-01). Returns when the view has read the whole
     * log, which takes a while where it has to be made anew.
     *
     * @param config which log, and how
     * @return the open backend
     * @throws dev.polylog.StoreUnavailable if the brokers cannot be reached or do not let us in; names address and cause
     *     (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if the topic holds something else or follows newer rules, or is set up so that it
     *     loses what it acknowledged; names every setting
     */
    public static KafkaBackend open(KafkaConfig config) {
        KafkaClients clients = new KafkaClients(config);
        KafkaTopic topic = clients.ask(admin -> KafkaTopic.prepare(config, admin));
        topic.requireFit(config);
        return new KafkaBackend(config, topic, KafkaEngine.open(config, clients, topic));
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        requireOpen();
        return appender.append(command);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        requireOpen();
        return reader.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        requireOpen();
        return reader.readAll(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        requireOpen();
        return signal.listen(listener);
    }

    @Override
    public LogStatus status() {
        requireOpen();
        return reader.status();
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return traits;
    }

    /**
     * How this process's view stands. Asks nobody.
     *
     * @return the view's status
     */
    public ViewStatus viewStatus() {
        requireOpen();
        ViewMark mark = engine.view().lastMark();
        return new ViewStatus(engine.view().folder().toString(), mark.next(), mark.refused(), mark.hash());
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new StoreClosed();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            signal.close(Duration.ofSeconds(2));
            engine.close();
        }
    }
}
