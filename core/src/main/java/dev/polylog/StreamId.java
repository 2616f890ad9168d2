package dev.polylog;

import java.util.Objects;

/**
 * The name of a stream: of the events of one thing.
 *
 * <p>Names are compared exactly, without normalisation or trimming (rule A-14). The {@linkplain #category() category} is
 * the part before the first hyphen. Which names may be written is rule A-13; {@link EventStore} checks it and lists all
 * that is wrong at once.
 *
 * <p>Immutable and thread-safe.
 *
 * @param name the name, for example {@code Order-42}
 */
public record StreamId(String name) implements Comparable<StreamId> {

    /** Rejects a null name; every other rule on names is checked where the name is used. */
    public StreamId {
        Objects.requireNonNull(name, "name");
    }

    /**
     * The stream with this name.
     *
     * @param name the whole name, for example {@code Order-42}
     * @return the stream's id
     */
    public static StreamId of(String name) {
        return new StreamId(name);
    }

    /**
     * The stream of one thing in a category: {@code category-key}.
     *
     * @param category the category, without a hyphen
     * @param key what tells this stream from others of the category; may contain hyphens
     * @return the stream's id
     * @throws IllegalArgumentException if the category contains a hyphen, which would change its category
     */
    public static StreamId of(String category, String key) {
        if (category.indexOf('-') >= 0) {
            throw new IllegalArgumentException(
                    "category \"" + category + "\" contains a hyphen; the category ends at the first hyphen of a name");
        }
        return new StreamId(category + '-' + key);
    }

    /**
     * The part of the name before its first hyphen; the whole name where there is none.
     *
     * @return the category
     */
    public String category() {
        int hyphen = name.indexOf('-');
        return hyphen < 0 ? name : name.substring(0, hyphen);
    }

    @Override
    public int compareTo(StreamId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
