package dev.polylog.cli.cloudevents;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Turns the id of a CloudEvent, which may be any text, into a UUID: always the same one for the same source and id.
 *
 * <p>Stateless and thread-safe.
 */
public final class EventIds {

    /** The namespace of the version 5 UUIDs; changing it would make every repeated import a new one. */
    static final UUID NAMESPACE = UUID.fromString("7d7c7a0e-5d0b-5b1c-9c56-0c1f5b8f6a11");

    private EventIds() {}

    /**
     * The event id for a CloudEvent.
     *
     * @param source the CloudEvent's source: ids are unique within it
     * @param id the CloudEvent's id
     * @return the id itself where it is a UUID, else one made from source and id
     */
    static UUID of(String source, String id) {
        return isUuid(id) ? UUID.fromString(id) : nameBased(source.length() + ":" + source + id);
    }

    /**
     * Whether a text is a UUID in its usual form: 8, 4, 4, 4 and 12 hexadecimal digits joined by hyphens.
     *
     * @param text any text
     * @return true if it is
     */
    public static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            char c = text.charAt(i);
            boolean hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
            if (hyphen ? c != '-' : !hex) {
                return false;
            }
        }
        return true;
    }

    private static UUID nameBased(String name) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1, but this one does not", e);
        }
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .flip());
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xF000L) | 0x5000L;
        long low = (hash.getLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
