package dev.polylog.internal.subscription;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON of cells: flat objects of texts, numbers and truths, alone or in a list. Stateless and thread-safe. */
final class CellJson {

    /** The only format so far; a cell of another one is refused. */
    private static final int FORMAT = 1;

    private static final JsonFactory FACTORY = new JsonFactory();

    private CellJson() {}

    /** Writes the fields of an object that has been begun. */
    interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    static Payload write(Writer body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a cell cannot be written as JSON", e);
        }
        return Payload.of(bytes.toByteArray());
    }

    /** Reads a list whose start is the current token, up to its end. */
    interface ListReader {
        void read(JsonParser json) throws IOException;
    }

    /** Makes a value of an object's simple fields, after its list, if any, was read. */
    interface Maker<T> {
        T make(Map<String, String> fields);
    }

    /** Reads the object in a cell. */
    static <T> T read(String cell, Payload value, ListReader list, Maker<T> maker) {
        try (JsonParser json = FACTORY.createParser(value.toByteArray())) {
            require(json.nextToken() == JsonToken.START_OBJECT);
            Map<String, String> fields = readFields(json, list);
            require(String.valueOf(FORMAT).equals(fields.get("format")) && json.nextToken() == null);
            return maker.make(fields);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new IncompatibleLayout(
                    "cell " + cell + " is not a subscription's cell of format " + FORMAT
                            + ", the only one that this version reads; was it written by a newer version?",
                    e);
        }
    }

    /** Reads the fields up to the end of the object whose start is the current token. */
    static Map<String, String> readFields(JsonParser json, ListReader list) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.START_ARRAY) {
                list.read(json);
            } else {
                require(json.currentToken().isScalarValue());
                if (json.currentToken() != JsonToken.VALUE_NULL) {
                    fields.put(name, json.getText());
                }
            }
        }
        require(json.currentToken() == JsonToken.END_OBJECT);
        return fields;
    }

    static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("not of the expected form");
        }
    }

    static String text(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("field " + name + " is missing");
        }
        return value;
    }
}
