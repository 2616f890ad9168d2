package dev.polylog.dynamodb;

import dev.polylog.Watermark;
import dev.polylog.dynamodb.DynamoConfig.Given;
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
import dev.polylog.spi.support.SignalListeners;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The log in a table of DynamoDB, in one strict order, shared by any number of processes.
 *
 * <p>Applications open it by {@code EventStore.open("dynamodb://eu-central-1/events")}, or by {@link #open(DynamoConfig)} and
 * {@code EventStore.over(backend)}. Thread-safe. Failures: {@link dev.polylog.StoreUnavailable} where nothing was written,
 * {@link dev.polylog.AppendOutcomeUnknown} where no answer came in time. It keeps all rules; what it declares is in
 * {@link #traits()}.
 */
public final class DynamoBackend implements LogBackend {

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final DynamoStreamReader streamReader;
    private final DynamoLogReader logReader;
    private final DynamoAppender appender;
    private final DynamoCells cells;
    private final SignalListeners listeners;
    private final BackendTraits traits;
    private final Runnable release;
    private final AtomicBoolean closed = new AtomicBoolean();

    private DynamoBackend(DynamoCalls calls, DynamoTail tail, Executor executor, Runnable release) {
        this.calls = calls;
        this.release = release;
        this.traits = DynamoTraits.of(calls.config());
        this.head = new DynamoHead(calls);
        head.saw(tail);
        StoredItems items = new StoredItems();
        DynamoStreams streams = new DynamoStreams(calls, head, items);
        DynamoLog log = new DynamoLog(calls, executor, items);
        this.streamReader = new DynamoStreamReader(calls, streams);
        this.logReader = new DynamoLogReader(head, log);
        this.listeners = new SignalListeners(tell -> DynamoWatcher.start(calls, head, tell));
        this.appender = new DynamoAppender(calls, head, streams, streamReader, log, listeners::tell);
        this.cells = new DynamoCells(calls);
    }

    /**
     * Opens the log, and makes it where it does not exist yet (rule L-01).
     *
     * @param config which table, and how
     * @return the open backend
     * @throws dev.polylog.StoreUnavailable if DynamoDB cannot be reached; names address and cause (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if the table is of another kind or a newer layout, is replicated to other
     *     regions, lets items expire, or a permission is missing
     * @throws dev.polylog.InvalidStoreUrl if the given client repeats calls by itself
     */
    public static DynamoBackend open(DynamoConfig config) {
        DynamoDbClient client = DynamoClients.of(config);
        ExecutorService executor = readers();
        Runnable release = () -> {
            // What waits in its queue still runs, and finds the backend closed.
            executor.shutdown();
            if (!(config.source() instanceof Given)) {
                client.close();
            }
        };
        try {
            return open(config, client, DynamoSurroundings.REAL, executor, release);
        } catch (RuntimeException e) {
            release.run();
            throw e;
        }
    }

    /** Opens the log over a client, in surroundings that may be simulated. */
    static DynamoBackend open(
            DynamoConfig config,
            DynamoDbClient client,
            DynamoSurroundings surroundings,
            Executor executor,
            Runnable release) {
        DynamoCalls calls = new DynamoCalls(config, client, surroundings);
        return new DynamoBackend(calls, DynamoTable.prepare(calls), executor, release);
    }

    private static ExecutorService readers() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                2 * DynamoLog.CALLS_AT_ONCE,
                2 * DynamoLog.CALLS_AT_ONCE,
                5,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "polylog-dynamodb-reader");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** The append path, for tests that hand in several appends together. */
    DynamoAppender appender() {
        return appender;
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return appender.append(command);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        calls.requireOpen();
        return streamReader.read(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        calls.requireOpen();
        return logReader.read(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        calls.requireOpen();
        return listeners.listen(listener);
    }

    @Override
    public LogStatus status() {
        calls.requireOpen();
        DynamoTail tail = head.read();
        return new LogStatus(tail.log(), Long.toString(tail.epoch()), Watermark.at(tail.head()));
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return traits;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Duration third = traits.closeBound().dividedBy(3);
        calls.close();
        appender.close(third);
        release.run();
        listeners.close(third);
    }
}
