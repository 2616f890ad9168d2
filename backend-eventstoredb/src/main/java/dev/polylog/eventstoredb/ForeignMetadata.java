package dev.polylog.eventstoredb;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylog.Metadata;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Metadata that other clients of KurrentDB wrote, read with nothing lost: {@code $correlationId} and {@code $causationId}
 * by our names for them, texts as they are, other values as their JSON. Where that is not all there is to it (values that
 * are no texts, names that would fall together, no JSON object at all), the whole of it comes too, as
 * {@value #ORIGINAL}, or {@value #ORIGINAL_BYTES} where it is no text.
 *
 * <p>Stateless and thread-safe.
 */
final class ForeignMetadata {

    /** The metadata as it stands in KurrentDB. */
    static final String ORIGINAL = "$kurrentMetadata";

    /** The same in Base64, where it is not text. */
    static final String ORIGINAL_BYTES = "$kurrentMetadataBase64";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private ForeignMetadata() {}

    static Metadata decode(byte[] bytes) {
        if (bytes.length == 0) {
            return Metadata.empty();
        }
        Map<String, String> entries = new TreeMap<>();
        boolean whole = read(bytes, entries);
        return whole ? Metadata.of(entries) : withOriginal(bytes, entries);
    }

    /** Reads what can be read, and says whether that is all. */
    private static boolean read(byte[] bytes, Map<String, String> entries) {
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (IOException notJson) {
            return false;
        }
        if (root == null || !root.isObject()) {
            return false;
        }
        boolean whole = true;
        for (Map.Entry<String, JsonNode> property : root.properties()) {
            JsonNode value = property.getValue();
            String name = ours(property.getKey());
            boolean taken = !name.equals(property.getKey()) && root.has(name);
            entries.put(taken ? property.getKey() : name, value.isTextual() ? value.textValue() : value.toString());
            whole &= value.isTextual() && !taken;
        }
        return whole;
    }

    private static String ours(String name) {
        return name.equals("$" + Metadata.CORRELATION_ID) || name.equals("$" + Metadata.CAUSATION_ID)
                ? name.substring(1)
                : name;
    }

    private static Metadata withOriginal(byte[] bytes, Map<String, String> entries) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            entries.put(ORIGINAL, text);
        } catch (CharacterCodingException noText) {
            entries.put(ORIGINAL_BYTES, Base64.getEncoder().encodeToString(bytes));
        }
        return Metadata.of(entries);
    }
}
