package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.SubscriptionOptions;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far a subscription got, the fingerprint there, and whether that must be saved. For one turn at a time. */
final class Progress {

    private final long saveAfterNanos;
    private final int saveAfterEvents;
    private Checkpoint at = new Checkpoint("", "", Position.START, Position.START, null);
    private int unsavedEvents;
    private boolean dirty;
    private boolean urgent;
    private long dirtySince;

    Progress(SubscriptionOptions options) {
        this.saveAfterNanos = Durations.nanos(options.checkpointInterval());
        this.saveAfterEvents = options.checkpointEvents();
    }

    void begin(Checkpoint checkpoint) {
        at = checkpoint;
        saved();
    }

    Checkpoint checkpoint() {
        return at;
    }

    Position position() {
        return at.position();
    }

    /** An event has been handled, parked, or found to be done before. */
    void done(RecordedEvent event, long now) {
        move(event.position(), event.position(), event.id(), now);
        unsavedEvents++;
    }

    /** Nothing that is wanted lies up to a position. */
    void reached(Position position, long now) {
        if (position.isAfter(at.position())) {
            move(position, at.lastEventPosition(), at.lastEventId(), now);
        }
    }

    private void move(Position position, Position lastEvent, @Nullable UUID lastId, long now) {
        at = new Checkpoint(at.logId(), at.epoch(), position, lastEvent, lastId);
        if (!dirty) {
            dirty = true;
            dirtySince = now;
        }
    }

    /** Whether events lie between the fingerprint and the position, or may. */
    boolean isFingerprintBehind() {
        return at.position().isAfter(at.lastEventPosition());
    }

    void fingerprint(RecordedEvent event) {
        at = new Checkpoint(at.logId(), at.epoch(), at.position(), event.position(), event.id());
    }

    /** Asks for a save before anything else. */
    void urge() {
        urgent = true;
    }

    boolean isDirty() {
        return dirty;
    }

    /** How many nanoseconds are left until a save is due: 0 if it is now, the greatest number if nothing is unsaved. */
    long nanosToSave(long now) {
        if (!dirty) {
            return Long.MAX_VALUE;
        }
        if (urgent || unsavedEvents >= saveAfterEvents) {
            return 0;
        }
        return Math.max(0, saveAfterNanos - (now - dirtySince));
    }

    void saved() {
        dirty = false;
        urgent = false;
        unsavedEvents = 0;
    }
}
