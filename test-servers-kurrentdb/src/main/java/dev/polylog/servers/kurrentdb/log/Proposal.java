package dev.polylog.servers.kurrentdb.log;

import java.util.List;
import java.util.UUID;

/**
 * What is to be written to one stream, and what must hold. Immutable and thread-safe.
 *
 * @param stream the stream
 * @param expected the revision of the stream's last event, or {@link #NO_STREAM}, {@link #ANY}, {@link #EXISTS}
 * @param events the events, may be none
 */
public record Proposal(String stream, long expected, List<Event> events) {

    /** The stream has no events. */
    public static final long NO_STREAM = -1;

    /** Nothing is expected. */
    public static final long ANY = -2;

    /** The stream has events or metadata. */
    public static final long EXISTS = -4;

    /** Copies the list. */
    public Proposal {
        events = List.copyOf(events);
    }

    /**
     * An event to be written. Immutable by agreement.
     *
     * @param id its id
     * @param type its type
     * @param json whether its content type is JSON
     * @param metadata its custom metadata
     * @param data its payload
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Event(UUID id, String type, boolean json, byte[] metadata, byte[] data) {

        /**
         * The size that limits are compared with: data, custom metadata and the type's characters twice.
         *
         * @return bytes
         */
        public long limitedSize() {
            return (long) data.length + metadata.length + 2L * type.length();
        }
    }
}
