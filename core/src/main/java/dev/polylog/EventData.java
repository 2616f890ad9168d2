package dev.polylog;

import java.util.Objects;
import java.util.UUID;

/**
 * An event to be appended: everything about it that the application decides.
 *
 * <p>The id makes an append repeatable: sending the same events again is recognised by their ids (chapter I), so keep
 * the {@code EventData} for a retry instead of building it anew. {@link #toString()} shows neither payload nor metadata
 * values.
 *
 * <p>Immutable and thread-safe.
 *
 * @param id the event's id, unique within its stream
 * @param type what happened, for example {@code OrderPlaced}; at most 255 characters
 * @param contentType the media type of the payload, for example {@code application/json}
 * @param payload the event's bytes
 * @param metadata what is known about the event besides
 */
public record EventData(UUID id, String type, String contentType, Payload payload, Metadata metadata) {

    /** The media type of JSON payloads. */
    public static final String JSON = "application/json";

    /** Rejects null components; every other rule is checked by the append (rule A-13). */
    public EventData {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(metadata, "metadata");
    }

    /**
     * A new event with a JSON payload and a random id.
     *
     * @param type what happened
     * @param json the payload as JSON text; stored as its UTF-8 bytes, never parsed
     * @return the event
     */
    public static EventData json(String type, String json) {
        return of(type, JSON, Payload.utf8(json));
    }

    /**
     * A new event with a random id and no metadata.
     *
     * @param type what happened
     * @param contentType the media type of the payload
     * @param payload the event's bytes
     * @return the event
     */
    public static EventData of(String type, String contentType, Payload payload) {
        return new EventData(UUID.randomUUID(), type, contentType, payload, Metadata.empty());
    }

    /**
     * This event under another id.
     *
     * @param newId the id
     * @return a new event
     */
    public EventData withId(UUID newId) {
        return new EventData(newId, type, contentType, payload, metadata);
    }

    /**
     * This event with other metadata.
     *
     * @param newMetadata the metadata, replacing what was there
     * @return a new event
     */
    public EventData withMetadata(Metadata newMetadata) {
        return new EventData(id, type, contentType, payload, newMetadata);
    }

    /**
     * This event with one metadata entry added or replaced.
     *
     * @param name the entry's name
     * @param value the entry's value
     * @return a new event
     */
    public EventData withMetadata(String name, String value) {
        return withMetadata(metadata.with(name, value));
    }

    /**
     * This event as a part of a conversation.
     *
     * @param correlationId the id that all events of the conversation share
     * @return a new event
     */
    public EventData correlatedBy(String correlationId) {
        return withMetadata(Metadata.CORRELATION_ID, correlationId);
    }

    /**
     * This event as the consequence of another: its causation id is the cause's id, its correlation id the cause's
     * correlation id, or the cause's id where the cause has none.
     *
     * @param cause the event that this one follows from
     * @return a new event
     */
    public EventData causedBy(RecordedEvent cause) {
        String causeId = cause.id().toString();
        return withMetadata(metadata.with(Metadata.CAUSATION_ID, causeId)
                .with(Metadata.CORRELATION_ID, cause.correlationId().orElse(causeId)));
    }
}
