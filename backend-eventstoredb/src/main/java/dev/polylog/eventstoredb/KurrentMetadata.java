package dev.polylog.eventstoredb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Metadata of our own events: a JSON object of texts, with the names that KurrentDB knows for correlation and causation,
 * and with what its events have no place for ({@code $polylog-…}).
 *
 * <p>Names of the application that look like one of these get one more {@code $}. What the server and the client add of
 * their own, {@code $schema.…} and the ids of traces, is left out on the way back. Stateless and thread-safe.
 */
final class KurrentMetadata {

    /** Which attempt wrote the append; on every event of ours. */
    static final String ATTEMPT = "$polylog-append";

    /** The content type, where it is neither JSON nor plain bytes. */
    static final String CONTENT_TYPE = "$polylog-contentType";

    /** The event's id, where it is one that KurrentDB does not take. */
    static final String ID = "$polylog-id";

    /** The event's type, where it is one that KurrentDB does not take or understands otherwise. */
    static final String TYPE = "$polylog-type";

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String OURS = "$polylog-";

    /** How our metadata begins: the mark stands first. */
    private static final byte[] MARK_BEGIN = ("{\"" + ATTEMPT + "\":\"").getBytes(StandardCharsets.US_ASCII);

    private KurrentMetadata() {}

    /** Metadata as it was given, and what stood beside it other than the mark. */
    record Decoded(Metadata metadata, Map<String, String> ours) {

        Optional<String> our(String name) {
            return Optional.ofNullable(ours.get(name));
        }
    }

    static byte[] encode(Metadata metadata, Map<String, String> ours) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(160);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, String> entry : ours.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            for (Map.Entry<String, String> entry : metadata.asMap().entrySet()) {
                json.writeStringField(stored(entry.getKey()), entry.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("metadata cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static String stored(String name) {
        if (name.equals(Metadata.CORRELATION_ID) || name.equals(Metadata.CAUSATION_ID)) {
            return "$" + name;
        }
        return isReserved(name) ? "$" + name : name;
    }

    /** Reads metadata of our own; null where it is not. */
    static @Nullable Decoded decode(byte[] bytes) {
        return new Reader().decode(bytes);
    }

    /**
     * Writes the metadata of one append's events, which is often the same for all of them. For one thread.
     */
    static final class Writer {

        private Metadata before = Metadata.empty();
        private Map<String, String> oursBefore = Map.of();
        private byte[] written = {'{', '}'};

        /** The stored form; the array is not to be changed. */
        byte[] encode(Metadata metadata, Map<String, String> ours) {
            if (!metadata.equals(before) || !ours.equals(oursBefore)) {
                written = KurrentMetadata.encode(metadata, ours);
                before = metadata;
                oursBefore = Map.copyOf(ours);
            }
            return written;
        }
    }

    /**
     * Reads the metadata of events in a row. What stands behind the mark is often the same as before, and is the same
     * metadata then, without a look at it. For one thread at a time.
     */
    static final class Reader {

        private byte[] before = {};
        private int beforeFollows;
        private Metadata given = Metadata.empty();

        /** Metadata of our own; null where it is not. */
        @Nullable
        Decoded decode(byte[] bytes) {
            int follows = behindMark(bytes);
            Metadata asGiven = follows < 0 ? null : asGiven(bytes, follows);
            return asGiven == null ? read(bytes) : new Decoded(asGiven, Map.of());
        }

        private @Nullable Metadata asGiven(byte[] bytes, int follows) {
            if (Arrays.equals(bytes, follows, bytes.length, before, beforeFollows, before.length)) {
                return given;
            }
            Metadata asGiven = KurrentMetadata.asGiven(bytes, follows);
            if (asGiven != null) {
                before = bytes;
                beforeFollows = follows;
                given = asGiven;
            }
            return asGiven;
        }
    }

    /** The mark alone: which attempt wrote an event; null where it was none of ours. */
    static @Nullable String attempt(byte[] bytes) {
        int follows = behindMark(bytes);
        if (follows < 0) {
            Entries entries = entries(bytes);
            return entries == null ? null : entries.ours().get(ATTEMPT);
        }
        int begin = MARK_BEGIN.length;
        return new String(bytes, begin, follows - 1 - begin, StandardCharsets.UTF_8);
    }

    /** Where the text of a mark that stands first has ended; -1 where there is none. */
    private static int behindMark(byte[] bytes) {
        int begin = MARK_BEGIN.length;
        if (!Arrays.equals(bytes, 0, Math.min(begin, bytes.length), MARK_BEGIN, 0, begin)) {
            return -1;
        }
        int end = begin;
        while (end < bytes.length && bytes[end] != '"' && bytes[end] != '\\') {
            end++;
        }
        return end + 1 < bytes.length && bytes[end] == '"' ? end + 1 : -1;
    }

    /**
     * Metadata behind nothing but the mark, every entry under its own name: what follows the mark is what was given, and
     * need not be read before somebody looks at it. Null where it is anything else.
     */
    private static @Nullable Metadata asGiven(byte[] bytes, int follows) {
        return follows == bytes.length - 1 ? onlyMark(bytes[follows]) : entriesBehindMark(bytes, follows);
    }

    private static @Nullable Metadata onlyMark(byte follows) {
        return follows == '}' ? Metadata.empty() : null;
    }

    private static @Nullable Metadata entriesBehindMark(byte[] bytes, int comma) {
        if (bytes[comma] != ',' || bytes[comma + 1] != '"') {
            return null;
        }
        if (new String(bytes, comma, bytes.length - comma, StandardCharsets.ISO_8859_1).contains("\"$")) {
            return null;
        }
        byte[] given = Arrays.copyOfRange(bytes, comma, bytes.length);
        given[0] = '{';
        try {
            return Metadata.ofJson(given);
        } catch (IllegalArgumentException notAsGiven) {
            return null;
        }
    }

    private static @Nullable Decoded read(byte[] bytes) {
        Entries entries = entries(bytes);
        return entries == null || entries.ours().remove(ATTEMPT) == null
                ? null
                : new Decoded(Metadata.of(entries.given()), entries.ours());
    }

    /** All entries, those that were given by their own names. */
    private record Entries(Map<String, String> given, Map<String, String> ours) {}

    private static @Nullable Entries entries(byte[] bytes) {
        Map<String, String> given = new TreeMap<>();
        Map<String, String> ours = new LinkedHashMap<>();
        try (JsonParser json = FACTORY.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken() != JsonToken.VALUE_STRING) {
                    return null;
                }
                put(name, json.getText(), given, ours);
            }
        } catch (IOException foreign) {
            return null;
        }
        return new Entries(given, ours);
    }

    private static void put(String name, String value, Map<String, String> given, Map<String, String> ours) {
        if (name.startsWith(OURS)) {
            ours.put(name, value);
        } else if (!isReserved(name)) {
            given.put(name, value);
        } else if (!isAdded(name)) {
            given.put(name.substring(1), value);
        }
    }

    /** Whether a name looks like one that means something here or in KurrentDB, with one {@code $} or more before it. */
    private static boolean isReserved(String name) {
        int dollars = 0;
        while (dollars < name.length() && name.charAt(dollars) == '$') {
            dollars++;
        }
        if (dollars == 0) {
            return false;
        }
        String plain = name.substring(dollars);
        return switch (plain) {
            case Metadata.CORRELATION_ID, Metadata.CAUSATION_ID, "traceId", "spanId" -> true;
            default -> plain.startsWith("polylog-") || plain.startsWith("schema.");
        };
    }

    /** Whether the server or the client adds an entry of this name. */
    private static boolean isAdded(String name) {
        return name.equals("$traceId") || name.equals("$spanId") || name.startsWith("$schema.");
    }
}
