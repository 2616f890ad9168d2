package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataJsonTest {

    @Test
    void anyMetadataComesBackExactly() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 10_000; i++) {
            Map<String, String> entries = new HashMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                entries.put(text(random), text(random));
            }
            Metadata metadata = Metadata.of(entries);
            assertThat(MetadataJson.decode(MetadataJson.encode(metadata))).isEqualTo(metadata);
            assertThat(MetadataJson.size(metadata)).isEqualTo(MetadataJson.encode(metadata).length);
        }
    }

    @Test
    void equalMetadataHasEqualBytes() {
        Metadata one = Metadata.of("b", "2").with("a", "1");
        Metadata other = Metadata.of("a", "1").with("b", "2");
        assertThat(MetadataJson.encode(one))
                .isEqualTo(MetadataJson.encode(other))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain ~", "a \"quote\"", "back\\slash", "\u007F", "\n", "\u00E9", "\uD83D\uDE00"})
    void theSizeIsThatOfTheBytes(String text) {
        Metadata one = Metadata.of("trace", text);
        Metadata two = one.with("other" + text, "1");
        assertThat(MetadataJson.size(one)).isEqualTo(MetadataJson.encode(one).length);
        assertThat(MetadataJson.size(two)).isEqualTo(MetadataJson.encode(two).length);
        assertThat(MetadataJson.size(Metadata.empty())).isEqualTo(MetadataJson.encode(Metadata.empty()).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{", "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"1\",\"a\":\"2\"}", "{} {}", "{}x"})
    void whatIsNoObjectOfTextsIsRefused(String json) {
        assertThatThrownBy(() -> MetadataJson.decode(json.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JSON object of texts");
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT + 1);
            text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
        }
        return text.toString();
    }
}
