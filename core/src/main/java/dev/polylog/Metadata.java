package dev.polylog;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an event besides its payload: text values by name, in the order of their names.
 *
 * <p>Names and values come back exactly as given (rule A-08). Two names have a meaning of their own,
 * {@link #CORRELATION_ID} and {@link #CAUSATION_ID}; see {@link EventData#causedBy(RecordedEvent)}.
 * {@link #toString()} shows the names only, never the values.
 *
 * <p>Its JSON form is an object of texts in UTF-8, names in order, nothing between; equal metadata has equal bytes.
 * Metadata that comes from a store in this form is checked at once, and taken apart only when somebody looks at it.
 *
 * <p>Immutable and thread-safe.
 */
public final class Metadata {

    /** Name of the id that all events of one conversation share. */
    public static final String CORRELATION_ID = "correlationId";

    /** Name of the id of the event that caused this one. */
    public static final String CAUSATION_ID = "causationId";

    private static final Metadata EMPTY = new Metadata(Collections.emptySortedMap(), new byte[] {'{', '}'});

    /** The entries, where they were given or had to be read at once; otherwise null. */
    private final @Nullable SortedMap<String, String> entries;

    /** The JSON form, where it is known and {@link PlainMetadata} is certain of it; never null where entries is. */
    private final byte @Nullable [] json;

    /**
     * The entries of the JSON form, once somebody has looked. Written without a lock: several threads may each take the
     * form apart and find the same, and whoever sees the map sees all of it, since it holds its content in a final field.
     */
    private @Nullable SortedMap<String, String> lookedAt;

    /** The bytes of the JSON form of the entries, once counted; 0 before. Any thread counts the same. */
    private int counted;

    /**
     * The JSON form of the entries, once somebody has asked for it: many events often share one metadata. Without a lock,
     * like the entries above.
     */
    private @Nullable Written written;

    /** Bytes in a final field, so that whoever sees this sees all of them. */
    private static final class Written {

        private final byte[] bytes;

        Written(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private Metadata(@Nullable SortedMap<String, String> entries, byte @Nullable [] json) {
        this.entries = entries;
        this.json = json;
    }

    /** Metadata of a map that nobody else has. */
    private static Metadata holding(SortedMap<String, String> entries) {
        return entries.isEmpty() ? EMPTY : new Metadata(Collections.unmodifiableSortedMap(entries), null);
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
        return holding(copy);
    }

    /**
     * Metadata of its JSON form, as {@link #toJson()} gives it or written otherwise.
     *
     * @param json an object of texts in UTF-8, copied
     * @return the metadata
     * @throws IllegalArgumentException if the bytes are not a JSON object of texts, or a name comes twice
     */
    public static Metadata ofJson(byte[] json) {
        return ofJson(json, 0, json.length);
    }

    /**
     * Metadata of its JSON form, which lies among other bytes.
     *
     * @param bytes holds an object of texts in UTF-8, which is copied
     * @param offset the index of its first byte
     * @param length how many bytes it has
     * @return the metadata
     * @throws IllegalArgumentException if the bytes are not a JSON object of texts, or a name comes twice
     * @throws IndexOutOfBoundsException if the array does not have these bytes
     */
    public static Metadata ofJson(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        // Copied before it is checked, so that what is kept is what was checked.
        byte[] json = Arrays.copyOfRange(bytes, offset, offset + length);
        if (!PlainMetadata.isCertain(json, 0, length)) {
            return holding(MetadataForm.read(json, 0, length));
        }
        return length == 2 ? EMPTY : new Metadata(null, json);
    }

    /**
     * Whether {@link #ofJson(byte[], int, int)} takes these bytes; in most cases without making anything of them.
     *
     * @param bytes may hold an object of texts in UTF-8; not kept
     * @param offset the index of its first byte
     * @param length how many bytes it has
     * @return true if the bytes are a JSON object of texts, each name once
     * @throws IndexOutOfBoundsException if the array does not have these bytes
     */
    public static boolean isJson(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return PlainMetadata.isCertain(bytes, offset, length) || MetadataForm.isReadable(bytes, offset, length);
    }

    /**
     * This metadata with one entry added or replaced.
     *
     * @param name the entry's name
     * @param value the entry's value
     * @return new metadata
     */
    public Metadata with(String name, String value) {
        TreeMap<String, String> copy = new TreeMap<>(asMap());
        copy.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
        return holding(copy);
    }

    /**
     * The value with that name.
     *
     * @param name the entry's name
     * @return the value, or empty where there is none
     */
    public Optional<String> get(String name) {
        return Optional.ofNullable(asMap().get(name));
    }

    /**
     * All entries, in the order of their names.
     *
     * @return an unmodifiable map
     */
    public SortedMap<String, String> asMap() {
        if (entries != null) {
            return entries;
        }
        SortedMap<String, String> found = lookedAt;
        if (found == null) {
            found = Collections.unmodifiableSortedMap(PlainMetadata.entries(Objects.requireNonNull(json)));
            lookedAt = found;
        }
        return found;
    }

    /**
     * Whether there is no entry.
     *
     * @return true if empty
     */
    public boolean isEmpty() {
        return entries != null && entries.isEmpty();
    }

    /**
     * The JSON form: an object of texts in UTF-8, names in order, nothing between.
     *
     * @return a new array
     */
    public byte[] toJson() {
        if (json != null) {
            return json.clone();
        }
        Written known = written;
        if (known == null) {
            known = new Written(MetadataForm.write(asMap()));
            written = known;
        }
        return known.bytes.clone();
    }

    /**
     * How many bytes {@link #toJson()} gives, without making them.
     *
     * @return the size in bytes
     */
    public int jsonSize() {
        if (json != null) {
            return json.length;
        }
        int size = counted;
        if (size == 0) {
            size = MetadataForm.size(asMap());
            counted = size;
        }
        return size;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Metadata that)) {
            return false;
        }
        // Both as they are written: equal bytes are equal entries, and the other way round.
        if (json != null && that.json != null) {
            return Arrays.equals(json, that.json);
        }
        return asMap().equals(that.asMap());
    }

    @Override
    public int hashCode() {
        return asMap().hashCode();
    }

    @Override
    public String toString() {
        return asMap().keySet().toString();
    }
}
