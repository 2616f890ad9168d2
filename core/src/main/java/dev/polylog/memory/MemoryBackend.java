package dev.polylog.memory;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.Scheduler;
import dev.polylog.StoreClosed;
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
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory: the strict reference, with faults on demand and time of one's own.
 *
 * <p>Tests and applications make it by {@link #create()} or {@link #builder()}; {@code memory:} and {@code memory:NAME}
 * open it by URL, where a name is shared within the process while anybody has it open. Its limits are the least that
 * every store takes, unless the builder says otherwise. Thread-safe. Failures are only those of its {@link FaultPlan}.
 * Keeps all rules, and is volatile.
 */
public final class MemoryBackend implements LogBackend {

    private final SharedLog shared;
    private final BackendTraits traits;
    private final Scheduler scheduler;
    private final FaultPlan faults;
    private final CellStore cells = new Cells();
    private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    MemoryBackend(SharedLog shared, BackendTraits traits, Scheduler scheduler, FaultPlan faults) {
        this.shared = shared;
        this.traits = traits;
        this.scheduler = scheduler;
        this.faults = faults;
        shared.opened();
    }

    /**
     * A new, empty store of its own.
     *
     * @return the open backend
     */
    public static MemoryBackend create() {
        return builder().open();
    }

    /**
     * A store to be configured.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        enter(faults.appendDelay());
        FaultPlan.Fault fault = faults.takeAppendFault();
        if (fault != null) {
            return fail(command, fault);
        }
        AppendOutcome outcome = shared.log().append(command, scheduler.now());
        announce(outcome);
        return outcome;
    }

    private AppendOutcome fail(AppendCommand command, FaultPlan.Fault fault) {
        switch (fault) {
            case UNAVAILABLE -> throw new StoreUnavailable("memory: unavailable as planned; nothing was written", null);
            case UNKNOWN_BEFORE_COMMIT -> {}
            case UNKNOWN_AFTER_COMMIT -> announce(shared.log().append(command, scheduler.now()));
            case UNKNOWN_IN_FLIGHT -> shared.log().sendLate(command);
        }
        throw new AppendOutcomeUnknown(
                command.eventIds(), "memory: " + fault + " as planned", null, () -> resolve(command));
    }

    private Optional<AppendResult> resolve(AppendCommand command) {
        enter(Duration.ZERO);
        return shared.log().resolve(command);
    }

    private void announce(AppendOutcome outcome) {
        boolean written = outcome instanceof AppendOutcome.Appended appended
                && !appended.result().repeated();
        if (written && !faults.areSignalsLost()) {
            shared.announce();
        }
    }

    /** Lets those appends arrive that are still on their way and were neither resolved nor repeated meanwhile. */
    public void deliverLate() {
        shared.log().deliverLate(scheduler.now());
        shared.announce();
    }

    /**
     * Loses the tail of the log, as a failover or a restored backup would.
     *
     * @param position the last position that is kept
     */
    public void truncateAfter(Position position) {
        shared.log().truncateAfter(position);
    }

    /** Changes the log's epoch, as a failover that is noticed would. */
    public void newEpoch() {
        shared.log().newEpoch();
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        enter(faults.readDelay());
        return shared.log().readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        enter(faults.readDelay());
        return shared.log().readAll(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        Registration registration = shared.listen(listener);
        registrations.add(registration);
        if (closed) { // looked at after adding, so that no registration outlives the backend
            registration.close();
            throw new StoreClosed();
        }
        return () -> {
            registration.close();
            registrations.remove(registration);
        };
    }

    @Override
    public LogStatus status() {
        enter(Duration.ZERO);
        return shared.log().status();
    }

    @Override
    public CellStore cells() {
        return cells;
    }

    @Override
    public BackendTraits traits() {
        return traits;
    }

    private void enter(Duration delay) {
        if (closed) {
            throw new StoreClosed();
        }
        if (!delay.isZero()) {
            pause(delay);
        }
        if (faults.isOutage()) {
            throw new StoreUnavailable("memory: away as planned; nothing was written", null);
        }
    }

    private void pause(Duration delay) {
        if (scheduler instanceof VirtualTime time) {
            time.skip(delay);
            return;
        }
        try {
            Thread.sleep(delay.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("memory: interrupted before anything was done; nothing was written", e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            registrations.forEach(Registration::close);
            shared.closed();
        }
    }

    /** The cells of the log. */
    private final class Cells implements CellStore {

        @Override
        public Optional<Cell> get(String name) {
            enter(Duration.ZERO);
            return shared.log().cell(name);
        }

        @Override
        public SetOutcome compareAndSet(String name, long expectedRevision, Payload value) {
            enter(Duration.ZERO);
            return shared.log().setCell(name, expectedRevision, value);
        }
    }

    /** Configures a {@link MemoryBackend}. Not thread-safe. */
    public static final class Builder {

        private BackendTraits traits = MemoryTraits.STRICT;
        private Scheduler scheduler = Scheduler.system();
        private FaultPlan faults = new FaultPlan();
        private @Nullable String name;

        private Builder() {}

        /**
         * Makes it behave as another store would: its limits, powers, repeat window and duplicate detection.
         *
         * @param wanted the traits
         * @return this builder
         */
        public Builder traits(BackendTraits wanted) {
            this.traits = wanted;
            return this;
        }

        /**
         * Gives it time of one's own.
         *
         * @param wanted for example a {@link VirtualTime}
         * @return this builder
         */
        public Builder scheduler(Scheduler wanted) {
            this.scheduler = wanted;
            return this;
        }

        /**
         * Makes things go wrong.
         *
         * @param wanted what goes wrong, and when
         * @return this builder
         */
        public Builder faults(FaultPlan wanted) {
            this.faults = wanted;
            return this;
        }

        /**
         * Shares the log with all that are open under this name in the process; the log ends with the last of them.
         *
         * @param wanted any name
         * @return this builder
         */
        public Builder name(String wanted) {
            this.name = wanted;
            return this;
        }

        /**
         * Opens the store.
         *
         * @return the open backend
         */
        public MemoryBackend open() {
            return SharedLog.open(name, traits, scheduler, faults);
        }
    }
}
