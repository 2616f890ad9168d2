package dev.polylog.tck;

import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Stands between a subscription and the judged backend: goes away, loses and invents signals, counts what is read, and
 * shows another history, as it is told. Thread-safe.
 */
final class TroubledBackend implements LogBackend {

    private final LogBackend backend;
    private final AtomicInteger filteredEventsRead = new AtomicInteger();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CellStore cells = new AwayCells();
    private volatile boolean away;
    private volatile boolean signalsLost;
    private volatile UnaryOperator<LogStatus> statusShown = UnaryOperator.identity();
    private volatile UnaryOperator<RecordedEvent> eventShown = UnaryOperator.identity();

    TroubledBackend(LogBackend backend) {
        this.backend = backend;
    }

    void goAway() {
        away = true;
    }

    void comeBack() {
        away = false;
    }

    void loseSignals() {
        signalsLost = true;
    }

    void inventSignal() {
        listeners.forEach(Runnable::run);
    }

    void showStatus(UnaryOperator<LogStatus> change) {
        statusShown = change;
    }

    void showEvents(UnaryOperator<RecordedEvent> change) {
        eventShown = change;
    }

    /** How many events were read by a filter, as a subscription's pages are, and not looks at a single position. */
    int filteredEventsRead() {
        return filteredEventsRead.get();
    }

    private void reach() {
        if (away) {
            throw new StoreUnavailable("the kit has taken the store away as planned; nothing was written", null);
        }
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        reach();
        return backend.append(command);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        reach();
        return backend.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        reach();
        LogSlice slice = backend.readAll(read);
        if (!read.filter().isAll()) {
            filteredEventsRead.addAndGet(slice.events().size());
        }
        List<RecordedEvent> shown = slice.events().stream().map(eventShown).toList();
        return new LogSlice(shown, slice.lookedUpTo(), slice.atHead());
    }

    @Override
    public Registration signal(Runnable listener) {
        Runnable guarded = () -> {
            if (!signalsLost) {
                listener.run();
            }
        };
        listeners.add(guarded);
        Registration registration = backend.signal(guarded);
        return () -> {
            listeners.remove(guarded);
            registration.close();
        };
    }

    @Override
    public LogStatus status() {
        reach();
        return statusShown.apply(backend.status());
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return backend.traits();
    }

    @Override
    public void close() {
        backend.close();
    }

    /** The backend's cells, away when it is. */
    private final class AwayCells implements CellStore {

        @Override
        public Optional<Cell> get(String name) {
            reach();
            return backend.cells().get(name);
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            reach();
            return backend.cells().compareAndSet(name, expectedRevision, value);
        }
    }
}
