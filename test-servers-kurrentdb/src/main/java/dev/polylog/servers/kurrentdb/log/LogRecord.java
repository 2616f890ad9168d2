package dev.polylog.servers.kurrentdb.log;

import java.util.UUID;

/**
 * One event in the log. Immutable by agreement: nobody changes the arrays. Thread-safe.
 *
 * @param position its place in the log as a byte offset; distinct and strictly increasing, also within one append, and
 *     both the commit and the prepare position of what clients see
 * @param stream the stream
 * @param revision its number in the stream from 0; {@link Long#MAX_VALUE} for the record that ends a stream for good
 * @param id the event's id
 * @param type the event's type
 * @param json whether its content type is exactly {@code application/json}; everything else reads back as
 *     {@code application/octet-stream}
 * @param created when it was written, in ticks of 100 ns since the Unix epoch
 * @param metadata the custom metadata, empty where there was none
 * @param data the payload
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; one copy of each payload is enough
public record LogRecord(
        long position,
        String stream,
        long revision,
        UUID id,
        String type,
        boolean json,
        long created,
        byte[] metadata,
        byte[] data) {

    /** The type of the record that sets a stream's metadata. */
    public static final String METADATA_TYPE = "$metadata";

    /** The type of the record that ends a stream for good. */
    public static final String DELETED_TYPE = "$streamDeleted";

    /** The type of a record that points at another event. */
    public static final String LINK_TYPE = "$>";

    /** The revision of the record that ends a stream for good. */
    public static final long DELETED_REVISION = Long.MAX_VALUE;

    private static final int HEADER_BYTES = 60;

    /**
     * How many bytes a record takes in the log: what the next one's position is further on.
     *
     * @return the size
     */
    long size() {
        return size(stream, type, metadata.length + data.length);
    }

    static long size(String stream, String type, int contentBytes) {
        return HEADER_BYTES + stream.length() + type.length() + (long) contentBytes;
    }

    /**
     * Whether this record ends its stream for good.
     *
     * @return true for a tombstone
     */
    public boolean isTombstone() {
        return revision == DELETED_REVISION;
    }
}
