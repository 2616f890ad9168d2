package dev.polylog.cli.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.polylog.RecordedEvent;
import dev.polylog.cli.cloudevents.JsonTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * An event as a JSON object on one line: {@code data} holds a JSON payload as it is, {@code dataBase64} any other.
 *
 * <p>Stateless and thread-safe.
 */
final class EventJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private EventJson() {}

    static byte[] write(RecordedEvent event) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(256 + event.payload().size());
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("stream", event.stream().name());
            json.writeNumberField("version", event.version());
            json.writeStringField("position", event.position().toString());
            json.writeStringField("id", event.id().toString());
            json.writeStringField("type", event.type());
            json.writeStringField("recordedAt", event.recordedAt().toString());
            json.writeStringField("contentType", event.contentType());
            json.writeObjectFieldStart("metadata");
            for (Map.Entry<String, String> entry : event.metadata().asMap().entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            payload(event, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void payload(RecordedEvent event, JsonGenerator json) throws IOException {
        Optional<String> text =
                JsonTexts.isJson(event.contentType()) ? JsonTexts.oneLine(event.payload()) : Optional.empty();
        if (text.isPresent()) {
            json.writeFieldName("data");
            json.writeRawValue(text.get());
        } else {
            json.writeBinaryField("dataBase64", event.payload().toByteArray());
        }
    }
}
