package dev.polylog.tck;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Loses answers between the kit and a backend, for those that cannot lose them inside. Thread-safe. */
final class LostAnswers extends ForwardingBackend implements UnknownOutcomes.Faulty {

    private final Deque<UnknownOutcomes.Moment> plan = new ArrayDeque<>();
    private final List<AppendCommand> inFlight = new ArrayList<>();

    LostAnswers(LogBackend backend) {
        super(backend);
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
        arriving.forEach(super::append);
    }

    private synchronized UnknownOutcomes.@Nullable Moment planned() {
        return plan.poll();
    }

    @Override
    public AppendOutcome append(AppendCommand command) {
        UnknownOutcomes.Moment moment = planned();
        if (moment == null) {
            return super.append(command);
        }
        switch (moment) {
            case BEFORE_COMMIT -> {}
            case AFTER_COMMIT -> super.append(command);
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
            List<RecordedEvent> found = LogReads.stream(this, write.stream(), 1, 100).stream()
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
}
