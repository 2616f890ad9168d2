package dev.polylog;

import java.util.UUID;

/**
 * Some events of an append are in the stream already, but the append is no exact repeat of an earlier one; nothing was
 * written (rule I-03).
 */
public final class DuplicateEvent extends PolylogException {

    private static final long serialVersionUID = 1L;

    private final transient StreamId stream;
    private final transient UUID eventId;

    /**
     * Says which event is there already.
     *
     * @param stream the stream that holds the event
     * @param eventId the id of the first event of the append that the stream holds already
     */
    public DuplicateEvent(StreamId stream, UUID eventId) {
        super(
                "stream " + stream + " already holds event " + eventId
                        + ", but this append does not repeat the one that wrote it; nothing was written."
                        + " Repeat exactly the events of the first call, or give new events new ids",
                null);
        this.stream = stream;
        this.eventId = eventId;
    }

    /**
     * The stream that holds the event.
     *
     * @return the stream
     */
    public StreamId stream() {
        return stream;
    }

    /**
     * The event that is there already.
     *
     * @return the first such event's id
     */
    public UUID eventId() {
        return eventId;
    }
}
