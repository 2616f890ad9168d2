package dev.polylog;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far reads of everything can see, and why not further (rule G-08).
 *
 * <p>Immutable and thread-safe.
 *
 * @param position the position up to which {@code readAll} shows events now
 * @param head the highest position that is known to be taken; equals {@code position} where nothing holds it back
 * @param heldSince since when a slow writer holds the position back; null where nothing does
 * @param reason what holds it back, for people; empty where nothing does
 */
public record Watermark(
        Position position, Position head, @Nullable Instant heldSince, String reason) {

    /** Rejects null components and a position beyond the head. */
    public Watermark {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(head, "head");
        Objects.requireNonNull(reason, "reason");
        if (position.isAfter(head)) {
            throw new IllegalArgumentException("watermark " + position + " beyond the head " + head);
        }
    }

    /**
     * The watermark of a log that nothing holds back.
     *
     * @param head the position of the last event; {@link Position#START} where there is none
     * @return the watermark
     */
    public static Watermark at(Position head) {
        return new Watermark(head, head, null, "");
    }

    /**
     * Whether a slow writer holds the position back.
     *
     * @return true if events up to the head are not all visible yet
     */
    public boolean isHeld() {
        return heldSince != null;
    }
}
