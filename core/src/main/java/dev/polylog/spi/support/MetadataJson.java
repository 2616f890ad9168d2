package dev.polylog.spi.support;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The form in which metadata is stored, measured and shown: a JSON object of texts in UTF-8, names in order.
 *
 * <p>Equal metadata has equal bytes. Stateless and thread-safe.
 */
public final class MetadataJson {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);

    private MetadataJson() {}

    /**
     * Writes metadata.
     *
     * @param metadata the metadata
     * @return a JSON object in UTF-8
     */
    public static byte[] encode(Metadata metadata) {
        if (metadata.isEmpty()) {
            return EMPTY.clone();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            for (Map.Entry<String, String> entry : metadata.asMap().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("metadata cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    /**
     * How many bytes {@link #encode(Metadata)} gives; where all texts are plain ASCII, without making them.
     *
     * @param metadata the metadata
     * @return the number of bytes
     */
    public static int size(Metadata metadata) {
        // Braces, and commas between the entries; quotes and a colon for each.
        int size = EMPTY.length + Math.max(0, metadata.asMap().size() - 1);
        for (Map.Entry<String, String> entry : metadata.asMap().entrySet()) {
            if (!isPlain(entry.getKey()) || !isPlain(entry.getValue())) {
                return encode(metadata).length;
            }
            size += entry.getKey().length() + entry.getValue().length() + 5;
        }
        return size;
    }

    /** Whether JSON holds a text as it is, one byte a character. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x7F || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads metadata back.
     *
     * @param bytes what {@link #encode(Metadata)} gave
     * @return the metadata
     * @throws IllegalArgumentException if the bytes are not a JSON object of texts
     */
    public static Metadata decode(byte[] bytes) {
        if (bytes.length == EMPTY.length && bytes[0] == '{' && bytes[1] == '}') {
            return Metadata.empty();
        }
        Map<String, String> entries = new TreeMap<>();
        try (JsonParser json = FACTORY.createParser(bytes)) {
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
        return Metadata.of(entries);
    }

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("metadata is not a JSON object of texts");
        }
    }
}
