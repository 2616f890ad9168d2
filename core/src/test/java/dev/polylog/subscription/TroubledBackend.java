package dev.polylog.subscription;

import dev.polylog.CellOutcomeUnknown;
import dev.polylog.Payload;
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
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** A backend in front of another: fails, counts, and mistreats signals as it is told. Thread-safe. */
final class TroubledBackend implements LogBackend {

    /** What happens to compare-and-sets of cells. */
    enum CellTrouble {
        NONE,
        UNAVAILABLE,
        UNKNOWN_BEFORE,
        UNKNOWN_AFTER
    }

    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger eventsRead = new AtomicInteger();
    final AtomicInteger mostInOneRead = new AtomicInteger();
    final AtomicInteger cellWrites = new AtomicInteger();
    final AtomicInteger statusCalls = new AtomicInteger();
    final AtomicInteger troubles = new AtomicInteger();
    volatile double troubleRate;
    volatile boolean signalsLost;
    volatile CellTrouble nextCell = CellTrouble.NONE;
    volatile String troubledCells = "";
    volatile Consumer<LogSlice> afterRead = slice -> {};
    private final LogBackend target;
    private final RandomGenerator random;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CellStore cells = new Cells();

    TroubledBackend(LogBackend target, long seed) {
        this.target = target;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    void spuriousSignal() {
        listeners.forEach(Runnable::run);
    }

    int listenerCount() {
        return listeners.size();
    }

    private void trouble() {
        if (troubleRate > 0 && random.nextDouble() < troubleRate) {
            troubles.incrementAndGet();
            throw new StoreUnavailable("away as planned", null);
        }
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        return target.append(command);
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return target.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        trouble();
        LogSlice slice = target.readAll(read);
        reads.incrementAndGet();
        eventsRead.addAndGet(slice.events().size());
        mostInOneRead.accumulateAndGet(slice.events().size(), Math::max);
        afterRead.accept(slice);
        return slice;
    }

    @Override
    public Registration signal(Runnable listener) {
        Runnable guarded = () -> {
            if (!signalsLost) {
                listener.run();
            }
        };
        listeners.add(guarded);
        Registration registration = target.signal(guarded);
        return () -> {
            listeners.remove(guarded);
            registration.close();
        };
    }

    @Override
    public LogStatus status() {
        trouble();
        statusCalls.incrementAndGet();
        return target.status();
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return target.traits();
    }

    @Override
    public void close() {
        target.close();
    }

    /** The cells, in trouble too. */
    private final class Cells implements CellStore {

        @Override
        public Optional<Cell> get(String name) {
            trouble();
            return target.cells().get(name);
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            switch (takeTrouble(name)) {
                case NONE -> {}
                case UNAVAILABLE -> throw new StoreUnavailable("away as planned", null);
                case UNKNOWN_BEFORE -> throw new CellOutcomeUnknown("unknown as planned", null);
                case UNKNOWN_AFTER -> {
                    target.cells().compareAndSet(name, expectedRevision, value);
                    throw new CellOutcomeUnknown("unknown as planned", null);
                }
            }
            cellWrites.incrementAndGet();
            return target.cells().compareAndSet(name, expectedRevision, value);
        }

        private CellTrouble takeTrouble(String name) {
            if (troubleRate > 0 && random.nextDouble() < troubleRate) {
                return CellTrouble.values()[1 + random.nextInt(3)];
            }
            CellTrouble planned = name.contains(troubledCells) ? nextCell : CellTrouble.NONE;
            if (planned != CellTrouble.NONE) {
                nextCell = CellTrouble.NONE;
            }
            return planned;
        }
    }
}
