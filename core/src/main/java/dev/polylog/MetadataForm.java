package dev.polylog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes and reads the JSON form of metadata: an object of texts in UTF-8. Stateless and thread-safe. */
final class MetadataForm {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** Two quotes each for name and value, and a colon. */
    private static final int AROUND_ENTRY = 5;

    private MetadataForm() {}

    static byte[] write(SortedMap<String, String> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("metadata cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /** How many bytes {@link #write} gives, without making them. */
    static int size(SortedMap<String, String> entries) {
        // Braces, and commas between the entries.
        int size = 2 + Math.max(0, entries.size() - 1);
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            size += AROUND_ENTRY + size(entry.getKey()) + size(entry.getValue());
        }
        return size;
    }

    private static int size(String text) {
        int size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                size += more(c);
            }
        }
        return size;
    }

    /** How many bytes more than one a character takes; control characters and surrogates are escaped by their number. */
    private static int more(char c) {
        return switch (c) {
            case '"', '\\', '\b', '\t', '\n', '\f', '\r' -> 1;
            default -> c < ' ' || Character.isSurrogate(c) ? 5 : c < 0x800 ? 1 : 2;
        };
    }

    /** Reads any JSON object of texts, however it is written; refuses a name that comes twice. */
    static SortedMap<String, String> read(byte[] bytes, int offset, int length) {
        SortedMap<String, String> entries = new TreeMap<>();
        try (JsonParser json = FACTORY.createParser(bytes, offset, length)) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                require(json.nextToken() == JsonToken.VALUE_STRING);
                require(entries.put(name, json.getText()) == null);
            }
            require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
        } catch (IOException e) {
            throw new IllegalArgumentException("metadata is not a JSON object of texts", e);
        }
        return entries;
    }

    static boolean isReadable(byte[] bytes, int offset, int length) {
        try {
            read(bytes, offset, length);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("metadata is not a JSON object of texts");
        }
    }
}
