package dev.polylog.internal.subscription;

import dev.polylog.Direction;
import dev.polylog.Filter;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.subscription.Checkpoint;
import java.util.Optional;

/**
 * Finds single events, and compares checkpoints with the log (rule S-10). Stateless besides its backend; thread-safe.
 */
final class LogLookup {

    private static final String REMEDY =
            "; nothing was delivered past it. Look at what happened to the store; then go on"
                    + " with the store that the checkpoint belongs to, or reset the subscription";

    private final LogBackend backend;

    LogLookup(LogBackend backend) {
        this.backend = backend;
    }

    /** The event that stands at a position, if one does. */
    Optional<RecordedEvent> eventAt(Position position) {
        if (position.equals(Position.START)) {
            return Optional.empty();
        }
        return first(Direction.FORWARDS, before(position))
                .filter(event -> event.position().equals(position));
    }

    /** The last event at or below a position, if there is one. */
    Optional<RecordedEvent> lastUpTo(Position position) {
        if (position.equals(Position.START)) {
            return Optional.empty();
        }
        return first(Direction.BACKWARDS, after(position));
    }

    private Optional<RecordedEvent> first(Direction direction, Position from) {
        Position bound = from;
        while (true) {
            LogSlice slice = backend.readAll(new LogRead(direction, bound, Filter.all(), 1, 1));
            if (!slice.events().isEmpty()) {
                return Optional.of(slice.events().get(0));
            }
            if (slice.atHead() || slice.lookedUpTo().equals(bound)) {
                return Optional.empty();
            }
            bound = slice.lookedUpTo();
        }
    }

    private static Position before(Position position) {
        long low = position.low() - 1;
        return new Position(position.low() == 0 ? position.high() - 1 : position.high(), low);
    }

    private static Position after(Position position) {
        if (position.equals(Position.END)) {
            return position;
        }
        long low = position.low() + 1;
        return new Position(low == 0 ? position.high() + 1 : position.high(), low);
    }

    /** The checkpoint of one who has done everything up to a position. */
    Checkpoint checkpointAt(Position position, LogStatus status) {
        Optional<RecordedEvent> last = lastUpTo(position);
        return new Checkpoint(
                status.logId(),
                status.epoch(),
                position,
                last.map(RecordedEvent::position).orElse(Position.START),
                last.map(RecordedEvent::id).orElse(null));
    }

    /**
     * Compares a checkpoint's identity and position with the log.
     *
     * @throws LogDiverged if they do not fit
     */
    static void requireSameLog(Checkpoint checkpoint, LogStatus status) {
        if (!checkpoint.logId().equals(status.logId())) {
            throw diverged(checkpoint, "this is log " + status.logId());
        }
        if (!checkpoint.epoch().equals(status.epoch())) {
            throw diverged(checkpoint, "the log's epoch is " + status.epoch() + " now: it may have lost its tail");
        }
        if (checkpoint.position().isAfter(status.watermark().head())) {
            throw diverged(checkpoint, "the log ends at " + status.watermark().head() + ", before it");
        }
    }

    /**
     * Compares a checkpoint with the log in full.
     *
     * @throws LogDiverged if they do not fit
     */
    void requireFit(Checkpoint checkpoint, LogStatus status) {
        requireSameLog(checkpoint, status);
        if (checkpoint.lastEventId() == null) {
            return;
        }
        Optional<RecordedEvent> there = eventAt(checkpoint.lastEventPosition());
        if (there.isEmpty() || !there.get().id().equals(checkpoint.lastEventId())) {
            throw diverged(
                    checkpoint,
                    "at " + checkpoint.lastEventPosition() + " the log has "
                            + there.map(event -> "event " + event.id()).orElse("no event") + " instead of event "
                            + checkpoint.lastEventId());
        }
    }

    private static LogDiverged diverged(Checkpoint checkpoint, String difference) {
        return new LogDiverged("checkpoint " + checkpoint.position() + " of log " + checkpoint.logId() + ", epoch "
                + checkpoint.epoch() + ": " + difference + REMEDY);
    }

    /** A later fingerprint for a checkpoint that has moved over events that were not wanted. */
    Optional<RecordedEvent> laterFingerprint(Checkpoint checkpoint) {
        Optional<RecordedEvent> last = lastUpTo(checkpoint.position());
        Position known = checkpoint.lastEventPosition();
        if (last.isEmpty() || last.get().position().compareTo(known) <= 0) {
            boolean same = last.map(RecordedEvent::id).equals(Optional.ofNullable(checkpoint.lastEventId()));
            if (!same) {
                throw diverged(checkpoint, "event " + checkpoint.lastEventId() + " at " + known + " is gone");
            }
            return Optional.empty();
        }
        return last;
    }
}
