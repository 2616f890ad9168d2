package dev.polylog.cli.cloudevents;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CloudEvent in JSON as an event of a stream; the mapping is in the package's description.
 *
 * <p>Stateless and thread-safe.
 */
public final class CloudEventReader {

    private static final String OCTETS = "application/octet-stream";

    private CloudEventReader() {}

    /**
     * Reads one CloudEvent.
     *
     * @param json one JSON object in UTF-8
     * @return the event and its stream; names, sizes and the like are checked by whoever appends it
     * @throws InvalidCloudEvent if it is none, or has no subject
     */
    public static StreamEvent read(byte[] json) throws InvalidCloudEvent {
        requireText(json);
        try (JsonParser parser = JsonTexts.FACTORY.createParser(json)) {
            return new Pass(json, parser).run();
        } catch (JsonProcessingException e) {
            throw new InvalidCloudEvent("not valid JSON: " + JsonTexts.describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    private static void requireText(byte[] json) throws InvalidCloudEvent {
        try {
            if (JsonTexts.decode(json).indexOf('\0') >= 0) {
                throw new InvalidCloudEvent("not valid JSON: contains a NUL byte");
            }
        } catch (CharacterCodingException e) {
            throw new InvalidCloudEvent("not valid UTF-8; CloudEvents are JSON in UTF-8");
        }
    }

    /** One CloudEvent while it is read. */
    private static final class Pass {

        private final byte[] json;
        private final JsonParser parser;
        private final Set<String> seen = new HashSet<>();
        private final Map<String, String> texts = new HashMap<>();
        private final SortedMap<String, String> types = new TreeMap<>();
        private byte @Nullable [] data;
        private @Nullable String dataText;

        Pass(byte[] json, JsonParser parser) {
            this.json = json;
            this.parser = parser;
        }

        StreamEvent run() throws IOException, InvalidCloudEvent {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new InvalidCloudEvent("not a CloudEvent: expected a JSON object, {…}");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                attribute(parser.currentName());
            }
            if (parser.nextToken() != null) {
                throw new InvalidCloudEvent("not valid JSON: something follows after the object");
            }
            return event();
        }

        private void attribute(String name) throws IOException, InvalidCloudEvent {
            if (!seen.add(name)) {
                throw new InvalidCloudEvent("the attribute " + quote(name) + " occurs twice");
            }
            JsonToken token = parser.nextToken();
            if (name.equals(Attributes.DATA)) {
                data(token);
            } else if (token != JsonToken.VALUE_NULL) { // null is the same as absent
                if (!Attributes.validName(name) && !name.equals(Attributes.DATA_BASE64)) {
                    throw new InvalidCloudEvent("the attribute name " + quote(name)
                            + " is none of CloudEvents: expected lower-case letters and digits only");
                }
                texts.put(name, value(name, token));
            }
        }

        private void data(JsonToken token) throws IOException {
            int begin = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            if (token == JsonToken.VALUE_STRING) {
                dataText = parser.getText();
            }
            parser.skipChildren();
            parser.finishToken();
            int end = Math.toIntExact(parser.currentLocation().getByteOffset());
            data = Arrays.copyOfRange(json, begin, end);
        }

        private String value(String name, JsonToken token) throws IOException, InvalidCloudEvent {
            if (token == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            boolean extension = !isOfSpecification(name) && !name.startsWith(Attributes.OURS);
            if (extension && token.isNumeric()) {
                types.put(name, TypedValues.NUMBER);
                return parser.getText();
            }
            if (extension && token.isBoolean()) {
                types.put(name, TypedValues.BOOLEAN);
                return parser.getText();
            }
            if (name.startsWith(Attributes.OURS) && token.isScalarValue() && !name.equals(Attributes.METADATA)) {
                return parser.getText();
            }
            throw new InvalidCloudEvent("the attribute " + quote(name) + " is " + kind(token) + "; expected "
                    + (extension ? "a text, a number or true/false" : "a text"));
        }

        private static boolean isOfSpecification(String name) {
            return switch (name) {
                case Attributes.SPEC_VERSION,
                        Attributes.ID,
                        Attributes.SOURCE,
                        Attributes.TYPE,
                        Attributes.SUBJECT,
                        Attributes.TIME,
                        Attributes.SCHEMA,
                        Attributes.CONTENT_TYPE,
                        Attributes.DATA_BASE64 -> true;
                default -> false;
            };
        }

        private static String kind(JsonToken token) {
            return switch (token) {
                case START_OBJECT -> "an object";
                case START_ARRAY -> "an array";
                case VALUE_TRUE, VALUE_FALSE -> "true or false";
                default -> "a number";
            };
        }

        private StreamEvent event() throws InvalidCloudEvent {
            String version = required(Attributes.SPEC_VERSION, "\"1.0\"");
            if (!version.equals("1.0")) {
                throw new InvalidCloudEvent("specversion is " + quote(version) + "; expected \"1.0\"");
            }
            String id = required(Attributes.ID, "a text that identifies the event");
            String source = required(Attributes.SOURCE, "a URI that identifies where events come from");
            String type = required(Attributes.TYPE, "what happened");
            String subject = required(Attributes.SUBJECT, "the stream's name");
            String time = texts.get(Attributes.TIME);
            if (time != null && !Attributes.validTime(time)) {
                throw new InvalidCloudEvent(
                        "time is " + quote(time) + "; expected a time such as 2026-01-31T12:00:00Z");
            }
            Payload payload = payload();
            UUID uuid = EventIds.of(source, id);
            Metadata metadata = metadata(uuid.toString().equals(id) ? null : id);
            return new StreamEvent(StreamId.of(subject), new EventData(uuid, type, contentType(), payload, metadata));
        }

        private String required(String attribute, String expected) throws InvalidCloudEvent {
            String value = texts.get(attribute);
            if (value == null || value.isEmpty()) {
                throw new InvalidCloudEvent("no " + attribute + "; expected " + expected);
            }
            return value;
        }

        private String contentType() {
            String given = texts.get(Attributes.CONTENT_TYPE);
            if (given != null) {
                return given;
            }
            return texts.containsKey(Attributes.DATA_BASE64) ? OCTETS : EventData.JSON;
        }

        private Payload payload() throws InvalidCloudEvent {
            String base64 = texts.get(Attributes.DATA_BASE64);
            if (base64 != null) {
                if (data != null) {
                    throw new InvalidCloudEvent("both data and data_base64; expected one of them");
                }
                return bytes(base64);
            }
            if (dataText != null && !JsonTexts.isJson(contentType())) {
                return text(dataText);
            }
            return data == null ? Payload.empty() : Payload.of(data);
        }

        private static Payload text(String text) throws InvalidCloudEvent {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            if (!new String(utf8, StandardCharsets.UTF_8).equals(text)) {
                throw new InvalidCloudEvent("data contains an unpaired surrogate, which is no character");
            }
            return Payload.of(utf8);
        }

        private static Payload bytes(String base64) throws InvalidCloudEvent {
            try {
                return Payload.of(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException e) {
                throw new InvalidCloudEvent("data_base64 is not valid Base64: " + e.getMessage());
            }
        }

        private Metadata metadata(@Nullable String originalId) throws InvalidCloudEvent {
            Map<String, String> entries = new TreeMap<>();
            texts.forEach((attribute, value) -> {
                if (isKept(attribute, value)) {
                    entries.put(Attributes.entryFor(attribute), value);
                }
            });
            if (originalId != null) {
                entries.put(Attributes.ORIGINAL_ID, originalId);
            }
            if (!types.isEmpty()) {
                entries.put(Attributes.TYPES, TypedValues.encode(types));
            }
            String others = texts.get(Attributes.METADATA);
            if (others != null) {
                entries.putAll(others(others).asMap());
            }
            return Metadata.of(entries);
        }

        private boolean isKept(String attribute, String value) {
            return switch (attribute) {
                case Attributes.SOURCE -> !value.equals(Attributes.OWN_SOURCE);
                case Attributes.TIME -> !value.equals(texts.get(Attributes.RECORDED_AT));
                case Attributes.SCHEMA -> true;
                default -> !isOfSpecification(attribute) && !attribute.startsWith(Attributes.OURS);
            };
        }

        private static Metadata others(String json) throws InvalidCloudEvent {
            try {
                return Metadata.ofJson(json.getBytes(StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new InvalidCloudEvent(Attributes.METADATA + " is not a JSON object of texts in a text");
            }
        }
    }

    /** A short text for people, without what could upset a terminal. */
    static String quote(String text) {
        StringBuilder shown = new StringBuilder("\"");
        text.codePoints()
                .limit(60)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.append(text.codePointCount(0, text.length()) > 60 ? "…\"" : "\"")
                .toString();
    }
}
