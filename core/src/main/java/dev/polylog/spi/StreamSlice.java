package dev.polylog.spi;

import dev.polylog.RecordedEvent;
import java.util.List;

/**
 * One page of a stream (rule R-02).
 *
 * <p>Immutable and thread-safe.
 *
 * @param events the events, in the direction of the read; may be fewer than asked for although more follow
 * @param endOfStream whether no event followed in the direction of the read
 * @param streamVersion the stream's version at the moment of the read, 0 where it has no events
 */
public record StreamSlice(List<RecordedEvent> events, boolean endOfStream, long streamVersion) {

    /** Copies the list. */
    public StreamSlice {
        events = List.copyOf(events);
    }
}
