package dev.polylog;

import org.jspecify.annotations.Nullable;

/**
 * An event's place in the one global order of a store.
 *
 * <p>Opaque and comparable: a later event has a greater position, but positions are not promised to be dense and mean
 * nothing outside the log that gave them. Inside are two unsigned longs, compared {@code high} first; stores that need
 * one number leave {@code high} zero. The text form ({@link #toString()}, {@link #parse(String)}) is canonical and fit
 * for checkpoints (rule G-07).
 *
 * <p>Immutable and thread-safe.
 *
 * @param high the more significant half, unsigned
 * @param low the less significant half, unsigned
 */
public record Position(long high, long low) implements Comparable<Position> {

    /** Below every event: a forward read after {@code START} begins with the first event. */
    public static final Position START = new Position(0, 0);

    /** Above every event: a backward read from {@code END} begins with the last event. */
    public static final Position END = new Position(-1, -1);

    /**
     * A position of a store that counts with one number.
     *
     * @param low the number, unsigned
     * @return the position with {@code high} zero
     */
    public static Position of(long low) {
        return low == 0 ? START : new Position(0, low);
    }

    /**
     * Reads the text form back.
     *
     * @param text what {@link #toString()} gave: one unsigned decimal number, or two joined by a colon
     * @return the position
     * @throws IllegalArgumentException if the text is not the canonical form of a position
     */
    public static Position parse(String text) {
        try {
            int colon = text.indexOf(':');
            Position position = colon < 0
                    ? of(Long.parseUnsignedLong(text))
                    : new Position(
                            Long.parseUnsignedLong(text, 0, colon, 10),
                            Long.parseUnsignedLong(text, colon + 1, text.length(), 10));
            if (position.toString().equals(text)) {
                return position;
            }
        } catch (NumberFormatException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static IllegalArgumentException unreadable(String text, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "not a position: \"" + text
                        + "\"; expected a number such as 42, or two such as 7:0, as a read printed it",
                cause);
    }

    @Override
    public int compareTo(Position other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /**
     * Whether this position lies after another.
     *
     * @param other the position to compare with
     * @return true if this is strictly greater
     */
    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    /**
     * The canonical text form: {@code low} alone where {@code high} is zero, else {@code high:low}, unsigned decimal.
     *
     * @return the text that {@link #parse(String)} understands
     */
    @Override
    public String toString() {
        String lowText = Long.toUnsignedString(low);
        return high == 0 ? lowText : Long.toUnsignedString(high) + ":" + lowText;
    }
}
