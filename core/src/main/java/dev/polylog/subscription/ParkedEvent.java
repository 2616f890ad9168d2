package dev.polylog.subscription;

import dev.polylog.Position;
import dev.polylog.StreamId;
import java.time.Instant;
import java.util.UUID;

/**
 * An event that a subscription has put aside (rule S-05). The event itself stays in the log.
 *
 * <p>Immutable and thread-safe.
 *
 * @param position where the event stands in the log; also names it in replays and drops
 * @param stream the event's stream
 * @param version the event's version
 * @param eventId the event's id
 * @param parkedAt when it was parked
 * @param error why: the kind and message of the handler's failure, or that an earlier event of its stream is parked
 * @param replayRequested whether the subscription has been asked to handle it again
 */
public record ParkedEvent(
        Position position,
        StreamId stream,
        long version,
        UUID eventId,
        Instant parkedAt,
        String error,
        boolean replayRequested) {}
