package dev.polylog.subscription;

import dev.polylog.Position;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far a durable subscription got, with the log's fingerprint there (rules S-04, S-10).
 *
 * <p>Immutable and thread-safe.
 *
 * @param logId the identity of the log
 * @param epoch the log's epoch
 * @param position everything at or below it is done; {@link Position#START} for nothing yet
 * @param lastEventPosition the position of the last event of the log at or below {@code position} that was seen, which
 *     is the place of the fingerprint; {@link Position#START} where none was
 * @param lastEventId the id of that event; null where none was seen
 */
public record Checkpoint(
        String logId,
        String epoch,
        Position position,
        Position lastEventPosition,
        @Nullable UUID lastEventId) {

    /** Rejects null components. */
    public Checkpoint {
        Objects.requireNonNull(logId, "logId");
        Objects.requireNonNull(epoch, "epoch");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(lastEventPosition, "lastEventPosition");
    }
}
