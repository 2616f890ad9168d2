package dev.polylog;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * An event as the store holds it: what the application gave, and where it stands.
 *
 * <p>Immutable and thread-safe.
 *
 * @param stream the stream that the event belongs to
 * @param version the event's number in its stream: 1, 2, 3 … (rule A-02)
 * @param position the event's place in the global order (rule G-01)
 * @param recordedAt when the store wrote it, at least to the millisecond; never part of any order (rule A-09)
 * @param data the event as it was given to the append (rule A-08)
 */
public record RecordedEvent(StreamId stream, long version, Position position, Instant recordedAt, EventData data) {

    /** Rejects null components. */
    public RecordedEvent {
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(recordedAt, "recordedAt");
        Objects.requireNonNull(data, "data");
    }

    /**
     * The event's id.
     *
     * @return the id that the application gave
     */
    public UUID id() {
        return data.id();
    }

    /**
     * What happened.
     *
     * @return the event's type
     */
    public String type() {
        return data.type();
    }

    /**
     * The media type of the payload.
     *
     * @return for example {@code application/json}
     */
    public String contentType() {
        return data.contentType();
    }

    /**
     * The event's bytes.
     *
     * @return the payload, exactly as it was given
     */
    public Payload payload() {
        return data.payload();
    }

    /**
     * What is known about the event besides its payload.
     *
     * @return the metadata, exactly as it was given
     */
    public Metadata metadata() {
        return data.metadata();
    }

    /**
     * The id that all events of one conversation share.
     *
     * @return the correlation id, or empty where none was given
     */
    public Optional<String> correlationId() {
        return metadata().get(Metadata.CORRELATION_ID);
    }

    /**
     * The id of the event that caused this one.
     *
     * @return the causation id, or empty where none was given
     */
    public Optional<String> causationId() {
        return metadata().get(Metadata.CAUSATION_ID);
    }
}
