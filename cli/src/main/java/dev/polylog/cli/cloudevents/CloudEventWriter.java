package dev.polylog.cli.cloudevents;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.polylog.Metadata;
import dev.polylog.RecordedEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes events as CloudEvents in JSON, one line each, so that {@link CloudEventReader} gives them back exactly; the
 * mapping is in the package's description.
 *
 * <p>Stateless and thread-safe.
 */
public final class CloudEventWriter {

    private CloudEventWriter() {}

    /**
     * Writes an event.
     *
     * @param event the event
     * @return a JSON object in UTF-8, without any line break
     */
    public static byte[] write(RecordedEvent event) {
        Placement placement = new Placement(event);
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(256 + event.payload().size());
        try (JsonGenerator json = JsonTexts.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(Attributes.SPEC_VERSION, "1.0");
            json.writeStringField(Attributes.ID, placement.id);
            json.writeStringField(Attributes.SOURCE, placement.source);
            json.writeStringField(Attributes.TYPE, event.type());
            json.writeStringField(Attributes.SUBJECT, event.stream().name());
            json.writeStringField(Attributes.TIME, placement.time);
            json.writeStringField(Attributes.CONTENT_TYPE, event.contentType());
            placement.writeExtensions(json);
            json.writeNumberField(Attributes.VERSION, event.version());
            json.writeStringField(Attributes.POSITION, event.position().toString());
            json.writeStringField(Attributes.RECORDED_AT, event.recordedAt().toString());
            payload(event, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void payload(RecordedEvent event, JsonGenerator json) throws IOException {
        if (event.payload().size() == 0) {
            return;
        }
        Optional<String> text =
                JsonTexts.isJson(event.contentType()) ? JsonTexts.oneLine(event.payload()) : Optional.empty();
        if (text.isPresent()) {
            json.writeFieldName(Attributes.DATA);
            json.writeRawValue(text.get());
        } else {
            json.writeBinaryField(Attributes.DATA_BASE64, event.payload().toByteArray());
        }
    }

    /** Which metadata entry goes where. */
    private static final class Placement {

        private final Map<String, String> attributes = new TreeMap<>();
        private final SortedMap<String, String> types;
        private Metadata others = Metadata.empty();
        final String id;
        final String source;
        final String time;

        Placement(RecordedEvent event) {
            Metadata metadata = event.metadata();
            String recordedAt = event.recordedAt().toString();
            metadata.asMap().forEach((name, value) -> {
                Optional<String> attribute = name.equals(Attributes.ORIGINAL_ID) || name.equals(Attributes.TYPES)
                        ? Optional.empty()
                        : Attributes.attributeFor(name, value)
                                .filter(a -> !(a.equals(Attributes.TIME) && value.equals(recordedAt)));
                attribute.ifPresentOrElse(a -> attributes.put(a, value), () -> others = others.with(name, value));
            });
            source = takeOut(Attributes.SOURCE).orElse(Attributes.OWN_SOURCE);
            time = takeOut(Attributes.TIME).orElse(recordedAt);
            Optional<SortedMap<String, String>> typed =
                    others.get(Attributes.TYPES).flatMap(text -> TypedValues.decode(text, extensions()));
            types = typed.orElseGet(TreeMap::new);
            Optional<String> original = others.get(Attributes.ORIGINAL_ID).filter(text -> isOriginalOf(event, text));
            id = original.orElseGet(() -> event.id().toString());
            others = without(
                    typed.isPresent() ? Attributes.TYPES : "", original.isPresent() ? Attributes.ORIGINAL_ID : "");
        }

        private boolean isOriginalOf(RecordedEvent event, String text) {
            return !text.isEmpty()
                    && !text.equals(event.id().toString())
                    && EventIds.of(source, text).equals(event.id());
        }

        private Optional<String> takeOut(String attribute) {
            return Optional.ofNullable(attributes.remove(attribute));
        }

        /** The attributes that may be of another type than text. */
        private Map<String, String> extensions() {
            Map<String, String> extensions = new TreeMap<>(attributes);
            extensions.remove(Attributes.SCHEMA);
            return extensions;
        }

        private Metadata without(String... names) {
            Map<String, String> rest = new TreeMap<>(others.asMap());
            for (String name : names) {
                rest.remove(name);
            }
            return Metadata.of(rest);
        }

        void writeExtensions(JsonGenerator json) throws IOException {
            for (Map.Entry<String, String> attribute : attributes.entrySet()) {
                json.writeFieldName(attribute.getKey());
                if (types.containsKey(attribute.getKey())) {
                    json.writeRawValue(attribute.getValue());
                } else {
                    json.writeString(attribute.getValue());
                }
            }
            if (!others.isEmpty()) {
                json.writeStringField(Attributes.METADATA, new String(others.toJson(), StandardCharsets.UTF_8));
            }
        }
    }
}
