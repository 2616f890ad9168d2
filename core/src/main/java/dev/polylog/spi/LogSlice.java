package dev.polylog.spi;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import java.util.List;

/**
 * One page of everything (rule G-05).
 *
 * <p>Immutable and thread-safe.
 *
 * @param events the matching events, in the direction of the read; may be fewer than asked for although more follow
 * @param lookedUpTo how far the log was looked at: the next page begins there. Forwards no event at or below it will
 *     ever appear that is not in this page or below the read's bound; never behind the read's bound
 * @param atHead whether nothing lay beyond {@code lookedUpTo} in the direction of the read at that moment
 */
public record LogSlice(List<RecordedEvent> events, Position lookedUpTo, boolean atHead) {

    /** Copies the list. */
    public LogSlice {
        events = List.copyOf(events);
    }
}
