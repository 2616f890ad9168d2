package dev.polylog.eventstoredb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.PolylogException;
import dev.polylog.StoreClosed;
import dev.polylog.Watermark;
import dev.polylog.eventstoredb.KurrentCalls.Failed;
import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import dev.polylog.eventstoredb.KurrentFetch.Raw;
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
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The log in KurrentDB, or in EventStoreDB from 23.10 on, shared by any number of processes and with other clients.
 *
 * <p>Applications open it by {@code EventStore.open("kurrentdb://host:2113?tls=false")}, or by
 * {@link #open(KurrentConfig)} and {@code EventStore.over(backend)}. Thread-safe. Failures:
 * {@link dev.polylog.StoreUnavailable} where nothing was written, {@link dev.polylog.AppendOutcomeUnknown} where an answer
 * was lost. It keeps all rules; what it declares is in {@link #traits()}.
 */
public final class KurrentBackend implements LogBackend {

    /**
     * KurrentDB tells clients nothing by which the loss of a tail could be seen; whether the event at a checkpoint is
     * still there shows it too.
     */
    private static final String EPOCH = "1";

    private final KurrentClients clients;
    private final KurrentCalls calls;
    private final KurrentHead head;
    private final KurrentSignal signal;
    private final KurrentEchoes echoes;
    private final KurrentAppender appender;
    private final KurrentReader reader;
    private final KurrentCells cells;
    private final BackendTraits traits;
    private final String logId;
    private final AtomicBoolean closed = new AtomicBoolean();

    private KurrentBackend(
            KurrentConfig config, KurrentClients clients, KurrentCalls calls, BackendTraits traits, String logId) {
        this.clients = clients;
        this.calls = calls;
        this.traits = traits;
        this.logId = logId;
        this.head = new KurrentHead(calls);
        this.signal = new KurrentSignal(config, clients, head);
        this.echoes = new KurrentEchoes(clients);
        this.appender = new KurrentAppender(calls, echoes, signal::grown);
        this.reader = new KurrentReader(calls);
        this.cells = new KurrentCells(calls);
    }

    /**
     * Opens the log, and makes it where it does not exist yet (rule L-01): one event in a stream of our own says what log
     * this is.
     *
     * @param config which server, and how
     * @return the open backend
     * @throws dev.polylog.StoreUnavailable if the server cannot be reached or does not let us in; names address and cause
     *     (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if the log has a newer layout
     */
    public static KurrentBackend open(KurrentConfig config) {
        KurrentClients clients = new KurrentClients(config);
        KurrentCalls calls = new KurrentCalls(config, clients);
        try {
            String logId = logId(config, calls);
            BackendTraits traits = KurrentTraits.of(
                    config, calls.write(KurrentDBClient::getServerVersion).orElse(null));
            return new KurrentBackend(config, clients, calls, traits, logId);
        } catch (Failed e) {
            PolylogException failure = calls.known("opening the log", e);
            clients.close(Duration.ZERO);
            throw failure;
        } catch (RuntimeException e) {
            clients.close(Duration.ZERO);
            throw e;
        }
    }

    private static String logId(KurrentConfig config, KurrentCalls calls) throws Failed {
        List<RecordedEvent> found = identity(calls);
        if (found.isEmpty()) {
            try {
                calls.append(KurrentLayout.LOG_STREAM, StreamState.noStream(), List.of(KurrentLayout.newLog()));
            } catch (Failed e) {
                // Another one may have been quicker.
                if (e.meaning() != Meaning.CONFLICT) {
                    throw e;
                }
            }
            found = identity(calls);
        }
        if (found.isEmpty()) {
            throw new IncompatibleLayout(
                    config.address() + ": the stream " + KurrentLayout.LOG_STREAM
                            + " cannot be read; it was truncated or deleted",
                    null);
        }
        return KurrentLayout.logId(config.address(), found.get(0));
    }

    private static List<RecordedEvent> identity(KurrentCalls calls) throws Failed {
        try {
            return calls.readStream(
                            KurrentLayout.LOG_STREAM,
                            ReadStreamOptions.get().backwards().fromEnd().maxCount(1),
                            Raw::new)
                    .page()
                    .events();
        } catch (Failed e) {
            if (e.meaning() == Meaning.MISSING) {
                return List.of();
            }
            throw e;
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new StoreClosed();
        }
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
        try {
            var position = head.find();
            appender.seen(position);
            return new LogStatus(logId, EPOCH, Watermark.at(position));
        } catch (Failed e) {
            throw calls.known("status", e);
        }
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
        Duration half = traits.closeBound().dividedBy(2);
        echoes.close();
        signal.close(half);
        clients.close(half);
    }
}
