package dev.polylog.spi.support;

import dev.polylog.EventData;
import dev.polylog.RecordedEvent;

/**
 * How large events are, for limits on pages and buffers. Stateless and thread-safe.
 */
public final class EventSizes {

    private EventSizes() {}

    /**
     * The size of an event's payload and metadata.
     *
     * @param event the event
     * @return bytes of payload and of metadata in its JSON form
     */
    public static long of(RecordedEvent event) {
        return of(event.data());
    }

    /**
     * The size of an event's payload and metadata.
     *
     * @param event the event
     * @return bytes of payload and of metadata in its JSON form
     */
    public static long of(EventData event) {
        return (long) event.payload().size() + event.metadata().jsonSize();
    }
}
