package dev.polylog.spi.support;

import dev.polylog.Metadata;

/**
 * The form in which metadata is stored, measured and shown: a JSON object of texts in UTF-8, names in order.
 *
 * <p>Equal metadata has equal bytes. Stateless and thread-safe.
 */
public final class MetadataJson {

    private MetadataJson() {}

    /**
     * Writes metadata.
     *
     * @param metadata the metadata
     * @return a JSON object in UTF-8
     */
    public static byte[] encode(Metadata metadata) {
        return metadata.toJson();
    }

    /**
     * How many bytes {@link #encode(Metadata)} gives, without making them.
     *
     * @param metadata the metadata
     * @return the number of bytes
     */
    public static int size(Metadata metadata) {
        return metadata.jsonSize();
    }

    /**
     * Reads metadata back: checks it at once, and takes it apart when somebody looks at it, see
     * {@link Metadata#ofJson(byte[], int, int)}.
     *
     * @param bytes what {@link #encode(Metadata)} gave, copied
     * @return the metadata
     * @throws IllegalArgumentException if the bytes are not a JSON object of texts
     */
    public static Metadata decode(byte[] bytes) {
        return Metadata.ofJson(bytes);
    }
}
