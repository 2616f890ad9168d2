package dev.polylog.copy;

import dev.polylog.EventData;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * A SHA-256 over the content of events in the order in which they are added, equal on every backend that holds the same
 * events in the same order (rule M-03).
 *
 * <p>Content is stream, version, id, type, content type, payload and metadata; positions and times of recording are left
 * out. Each event adds: stream, version, id, type, content type, payload, the number of metadata entries, then name and
 * value of each in the order of {@link dev.polylog.Metadata#asMap()}. Texts are UTF-8; texts and payloads are preceded
 * by their length in bytes, and that and the number of entries are 4 bytes, the version 8, the id 16, most significant
 * byte first. So no two different contents give the same bytes.
 *
 * <p>Whoever copies, imports or verifies events makes one and adds every event. For one thread.
 */
public final class ContentDigest {

    private final MessageDigest sha256 = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private long events;

    /** Over no events yet. */
    public ContentDigest() {}

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256, but this one does not", e);
        }
    }

    /**
     * Adds an event as a store returned it.
     *
     * @param event the event
     */
    public void add(RecordedEvent event) {
        add(event.stream(), event.version(), event.data());
    }

    /**
     * Adds an event by its content.
     *
     * @param stream the stream that it belongs to
     * @param version its number in the stream
     * @param event what the application gave
     */
    public void add(StreamId stream, long version, EventData event) {
        text(stream.name());
        number(version);
        number(event.id().getMostSignificantBits());
        number(event.id().getLeastSignificantBits());
        text(event.type());
        text(event.contentType());
        ByteBuffer payload = event.payload().asByteBuffer();
        length(payload.remaining());
        sha256.update(payload);
        Map<String, String> metadata = event.metadata().asMap();
        length(metadata.size());
        metadata.forEach((name, value) -> {
            text(name);
            text(value);
        });
        events++;
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        length(utf8.length);
        sha256.update(utf8);
    }

    private void length(int length) {
        sha256.update(number.clear().putInt(length).flip());
    }

    private void number(long value) {
        sha256.update(number.clear().putLong(value).flip());
    }

    /**
     * How many events were added.
     *
     * @return the number of events
     */
    public long events() {
        return events;
    }

    /**
     * The digest of what was added so far; more may be added afterwards.
     *
     * @return 32 bytes, a new array
     */
    public byte[] bytes() {
        try {
            return ((MessageDigest) sha256.clone()).digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the platform's SHA-256 cannot be continued after it was read", e);
        }
    }

    /**
     * The digest of what was added so far, for people; more may be added afterwards.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    @Override
    public String toString() {
        return hex();
    }
}
