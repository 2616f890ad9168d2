package dev.polylog.spi.support;

import dev.polylog.EventData;
import dev.polylog.RecordedEvent;
import java.util.Map;

/**
 * How large events are, for limits on pages and buffers. Stateless and thread-safe.
 */
public final class EventSizes {

    private EventSizes() {}

    /**
     * The size of an event's payload and metadata.
     *
     * @param event the event
     * @return bytes of payload and characters of metadata
     */
    public static long of(RecordedEvent event) {
        return of(event.data());
    }

    /**
     * The size of an event's payload and metadata.
     *
     * @param event the event
     * @return bytes of payload and characters of metadata
     */
    public static long of(EventData event) {
        long size = event.payload().size();
        for (Map.Entry<String, String> entry : event.metadata().asMap().entrySet()) {
            size += entry.getKey().length() + entry.getValue().length();
        }
        return size;
    }
}
