package dev.polylog;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known about an event besides its payload: text values by name, in the order of their names.
 *
 * <p>Names and values come back exactly as given (rule A-08). Two names have a meaning of their own,
 * {@link #CORRELATION_ID} and {@link #CAUSATION_ID}; see {@link EventData#causedBy(RecordedEvent)}.
 * {@link #toString()} shows the names only, never the values.
 *
 * <p>Immutable and thread-safe.
 */
public final class Metadata {

    /** Name of the id that all events of one conversation share. */
    public static final String CORRELATION_ID = "correlationId";

    /** Name of the id of the event that caused this one. */
    public static final String CAUSATION_ID = "causationId";

    private static final Metadata EMPTY = new Metadata(Collections.emptySortedMap());

    private final SortedMap<String, String> entries;

    private Metadata(SortedMap<String, String> entries) {
        this.entries = entries;
    }

    /**
     * No metadata.
     *
     * @return the empty metadata
     */
    public static Metadata empty() {
        return EMPTY;
    }

    /**
     * Metadata of one entry; add more by {@link #with(String, String)}.
     *
     * @param name the entry's name
     * @param value the entry's value
     * @return the metadata
     */
    public static Metadata of(String name, String value) {
        return EMPTY.with(name, value);
    }

    /**
     * Metadata of these entries.
     *
     * @param entries names and values, copied
     * @return the metadata
     * @throws NullPointerException if a name or a value is null
     */
    public static Metadata of(Map<String, String> entries) {
        if (entries.isEmpty()) {
            return EMPTY;
        }
        TreeMap<String, String> copy = new TreeMap<>();
        entries.forEach((name, value) ->
                copy.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value")));
        return new Metadata(Collections.unmodifiableSortedMap(copy));
    }

    /**
     * This metadata with one entry added or replaced.
     *
     * @param name the entry's name
     * @param value the entry's value
     * @return new metadata
     */
    public Metadata with(String name, String value) {
        TreeMap<String, String> copy = new TreeMap<>(entries);
        copy.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return new Metadata(Collections.unmodifiableSortedMap(copy));
    }

    /**
     * The value with that name.
     *
     * @param name the entry's name
     * @return the value, or empty where there is none
     */
    public Optional<String> get(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /**
     * All entries, in the order of their names.
     *
     * @return an unmodifiable map
     */
    public SortedMap<String, String> asMap() {
        return entries;
    }

    /**
     * Whether there is no entry.
     *
     * @return true if empty
     */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Metadata that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.keySet().toString();
    }
}
