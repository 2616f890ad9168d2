package dev.polylog.tck.history;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
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
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A backend whose every append, read and use of cells is recorded.
 *
 * <p>Tests and the benchmark put one around the backend under judgement for each client and use it directly or through
 * {@link dev.polylog.EventStore#over(LogBackend)}. Thread-safe. Failures are those of the backend, passed on as they are;
 * an unknown outcome is passed on so that its resolution is recorded too.
 */
public final class RecordingBackend implements LogBackend {

    private final LogBackend delegate;
    private final History history;
    private final String client;
    private final CellStore cells;

    /**
     * Records what one client does.
     *
     * @param delegate does the work
     * @param history gets the record
     * @param client the client's name
     */
    public RecordingBackend(LogBackend delegate, History history, String client) {
        this.delegate = delegate;
        this.history = history;
        this.client = client;
        this.cells = new Cells(delegate.cells());
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        Action.Append action = Action.Append.of(command);
        History.Call call = history.begin(client, action);
        try {
            AppendOutcome outcome = delegate.append(command);
            call.end(new Outcome.Decided(outcome));
            return outcome;
        } catch (AppendOutcomeUnknown e) {
            call.end(new Outcome.Unknown());
            throw new AppendOutcomeUnknown(e.eventIds(), String.valueOf(e.getMessage()), e, () -> resolve(action, e));
        } catch (RuntimeException e) {
            call.end(new Outcome.Failed(e.toString()));
            throw e;
        }
    }

    private Optional<AppendResult> resolve(Action.Append attempt, AppendOutcomeUnknown unknown) {
        return record(new Action.Resolve(attempt), unknown::resolve, Outcome.Resolved::new);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return record(Action.ReadStream.of(read), () -> delegate.readStream(read), Outcome.StreamSeen::of);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        return record(new Action.ReadAll(read), () -> delegate.readAll(read), Outcome.LogSeen::of);
    }

    private <T> T record(Action action, Supplier<T> work, Function<T, Outcome> toOutcome) {
        History.Call call = history.begin(client, action);
        try {
            T answer = work.get();
            call.end(toOutcome.apply(answer));
            return answer;
        } catch (CellOutcomeUnknown e) {
            call.end(new Outcome.Unknown());
            throw e;
        } catch (RuntimeException e) {
            call.end(new Outcome.Failed(e.toString()));
            throw e;
        }
    }

    @Override
    public Registration signal(Runnable listener) {
        return delegate.signal(listener);
    }

    @Override
    public LogStatus status() {
        return delegate.status();
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return delegate.traits();
    }

    @Override
    public void close() {
        delegate.close();
    }

    /** The cells, recorded as well. */
    private final class Cells implements CellStore {

        private final CellStore inner;

        Cells(CellStore inner) {
            this.inner = inner;
        }

        @Override
        public Optional<Cell> get(String name) {
            return record(new Action.ReadCell(name), () -> inner.get(name), Outcome.CellSeen::new);
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            return record(
                    new Action.SetCell(name, expectedRevision, value),
                    () -> inner.compareAndSet(name, expectedRevision, value),
                    Outcome.CellDecided::new);
        }
    }
}
