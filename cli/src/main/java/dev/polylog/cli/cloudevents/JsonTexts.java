package dev.polylog.cli.cloudevents;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.polylog.EventData;
import dev.polylog.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is JSON and what is not, to the byte. Stateless and thread-safe.
 */
public final class JsonTexts {

    /** Deeper values travel as bytes; a parser holds an object for each level. */
    static final int MAX_DEPTH = 5_000;

    /** For texts whose size is bounded by their caller; names are not kept, so that no text can fill a table of them. */
    static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .build();

    private static final String VALUE_BEGINS_WITH = "{[\"-0123456789tfn";
    private static final Pattern JSON_MEDIA_TYPE =
            Pattern.compile("[^/;\\s]+/(json|[^/;\\s]+\\+json)\\s*(;.*)?", Pattern.DOTALL);

    private JsonTexts() {}

    /**
     * Whether a content type declares JSON: {@code application/json}, {@code text/json}, anything that ends with
     * {@code +json}, with or without parameters.
     *
     * @param contentType the content type
     * @return true if it does
     */
    public static boolean isJson(String contentType) {
        return contentType.equals(EventData.JSON)
                || JSON_MEDIA_TYPE.matcher(contentType.toLowerCase(Locale.ROOT)).matches();
    }

    /**
     * The payload as JSON text, if it may stand in a line of JSON without any change: a single valid JSON value in
     * UTF-8, without line breaks and without spaces around it.
     *
     * @param payload the payload
     * @return the text, or empty
     */
    public static Optional<String> oneLine(Payload payload) {
        byte[] bytes = payload.toByteArray();
        if (bytes.length == 0
                || VALUE_BEGINS_WITH.indexOf(bytes[0]) < 0
                || isSpace(bytes[bytes.length - 1])
                || hasControl(bytes)) {
            return Optional.empty();
        }
        try {
            String text = decode(bytes);
            validate(bytes);
            return Optional.of(text);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Optional.empty(); // which is the answer: no JSON
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /**
     * Checks that bytes are one JSON value, with any spaces and line breaks.
     *
     * @param bytes the bytes
     * @return what is wrong, or empty where nothing is
     */
    public static Optional<String> problem(byte[] bytes) {
        try {
            decode(bytes);
            for (byte b : bytes) {
                if (b == 0) { // else the parser would take it for another encoding
                    return Optional.of("contains a NUL byte");
                }
            }
            validate(bytes);
            return Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.of("is not valid UTF-8");
        } catch (JsonProcessingException e) {
            return Optional.of(describe(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
    }

    /** What the parser complains about, in one line for people. */
    static String describe(JsonProcessingException e) {
        String message = e.getOriginalMessage().lines().findFirst().orElse("");
        String shown = message.length() > 150 ? message.substring(0, 150) + "…" : message;
        String place =
                e.getLocation() == null ? "" : " (byte " + e.getLocation().getByteOffset() + ")";
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .append(place)
                .toString();
    }

    /** The text of strictly valid UTF-8. */
    static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static void validate(byte[] bytes) throws IOException {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            if (parser.nextToken() == null) {
                throw new JsonParseException(parser, "there is no JSON value");
            }
            parser.skipChildren();
            parser.finishToken();
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows after the JSON value");
            }
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }

    private static boolean hasControl(byte[] bytes) {
        for (byte b : bytes) {
            if (b >= 0 && b < ' ' && b != '\t') {
                return true;
            }
        }
        return false;
    }
}
