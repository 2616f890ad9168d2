package dev.polylog.tck;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loses answers between the kit and a backend, for those that cannot lose them inside. Thread-safe. */
final class LostAnswers implements UnknownOutcomes.Faulty, LogBackend {

    private final LogBackend backend;
    private final Deque<UnknownOutcomes.Moment> plan = new ArrayDeque<>();
    private final List<AppendCommand> inFlight = new ArrayList<>();

    LostAnswers(LogBackend backend) {
        this.backend = backend;
    }

    @Override
    public LogBackend backend() {
        return this;
    }

    @Override
    public synchronized void loseNextAnswer(UnknownOutcomes.Moment moment) {
        plan.add(moment);
    }

    @Override
    public synchronized void deliverLate() {
        List<AppendCommand> arriving = List.copyOf(inFlight);
        inFlight.clear();
        arriving.forEach(backend::append);
    }

    private synchronized UnknownOutcomes.@Nullable Moment next() {
        return plan.poll();
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        UnknownOutcomes.Moment moment = next();
        if (moment == null) {
            return backend.append(command);
        }
        switch (moment) {
            case BEFORE_COMMIT -> {}
            case AFTER_COMMIT -> backend.append(command);
            case IN_FLIGHT -> send(command);
        }
        throw new AppendOutcomeUnknown(
                command.eventIds(), "the kit lost the answer as planned", null, () -> resolve(command));
    }

    private synchronized void send(AppendCommand command) {
        inFlight.add(command);
    }

    private Optional<AppendResult> resolve(AppendCommand command) {
        synchronized (this) {
            inFlight.remove(command);
        }
        List<AppendResult.Written> written = new ArrayList<>();
        Position last = Position.START;
        for (StreamWrite write : command.writes()) {
            List<RecordedEvent> found = LogReads.stream(backend, write.stream(), 1, 100).stream()
                    .filter(event -> write.events().stream().map(EventData::id).anyMatch(event.id()::equals))
                    .toList();
            if (found.size() != write.events().size()) {
                return Optional.empty();
            }
            RecordedEvent end = found.get(found.size() - 1);
            written.add(new AppendResult.Written(write.stream(), found.get(0).version(), end.version()));
            last = end.position();
        }
        return Optional.of(new AppendResult(written, last, false));
    }

    @Override
    public StreamSlice readStream(StreamRead read) {
        return backend.readStream(read);
    }

    @Override
    public LogSlice readAll(LogRead read) {
        return backend.readAll(read);
    }

    @Override
    public Registration signal(Runnable listener) {
        return backend.signal(listener);
    }

    @Override
    public LogStatus status() {
        return backend.status();
    }

    @Override
    public CellStore cells() {
        return backend.cells();
    }

    @Override
    public BackendTraits traits() {
        return backend.traits();
    }

    @Override
    public void close() {
        backend.close();
    }
}
