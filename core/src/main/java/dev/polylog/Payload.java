package dev.polylog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The bytes of an event: any bytes at all, stored and returned unchanged (rule A-08).
 *
 * <p>Arrays are copied on the way in and on the way out, so a payload never changes. Equality is by content.
 * {@link #toString()} shows the size only, never the content.
 *
 * <p>Immutable and thread-safe.
 */
public final class Payload {

    private static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A payload without bytes.
     *
     * @return the empty payload
     */
    public static Payload empty() {
        return EMPTY;
    }

    /**
     * A payload of these bytes.
     *
     * @param bytes the bytes, copied
     * @return the payload
     */
    public static Payload of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
    }

    /**
     * A payload of some of these bytes.
     *
     * @param bytes an array that holds them, copied as far as it is asked for
     * @param offset the index of the first one
     * @param length how many there are
     * @return the payload
     * @throws IndexOutOfBoundsException if the array does not hold so many from there on
     */
    public static Payload of(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? EMPTY : new Payload(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /**
     * A payload of this text in UTF-8.
     *
     * @param text the text
     * @return the payload
     */
    public static Payload utf8(String text) {
        return text.isEmpty() ? EMPTY : new Payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * How many bytes the payload has.
     *
     * @return the size in bytes
     */
    public int size() {
        return bytes.length;
    }

    /**
     * A copy of the bytes.
     *
     * @return a new array
     */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /**
     * The bytes without a copy.
     *
     * @return a new read-only buffer over the bytes
     */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * The bytes read as UTF-8; what is not valid UTF-8 shows as U+FFFD.
     *
     * @return the text
     */
    public String asUtf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
