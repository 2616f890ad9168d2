package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataFormTest {

    @Test
    void anyMetadataComesBackExactly() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 10_000; i++) {
            Map<String, String> entries = new HashMap<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                entries.put(text(random), text(random));
            }
            Metadata metadata = Metadata.of(entries);
            assertThat(Metadata.ofJson(metadata.toJson())).isEqualTo(metadata);
            assertThat(metadata.jsonSize()).isEqualTo(metadata.toJson().length);
        }
    }

    @Test
    void equalMetadataHasEqualBytes() {
        Metadata one = Metadata.of("b", "2").with("a", "1");
        Metadata other = Metadata.of("a", "1").with("b", "2");
        assertThat(one.toJson())
                .isEqualTo(other.toJson())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain ~", "a \"quote\"", "back\\slash", "\u007F", "\n", "\u00E9", "\uD83D\uDE00"})
    void theSizeIsThatOfTheBytes(String text) {
        Metadata one = Metadata.of("trace", text);
        Metadata two = one.with("other" + text, "1");
        assertThat(one.jsonSize()).isEqualTo(one.toJson().length);
        assertThat(two.jsonSize()).isEqualTo(two.toJson().length);
        assertThat(Metadata.empty().jsonSize()).isEqualTo(Metadata.empty().toJson().length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{", "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"1\",\"a\":\"2\"}", "{} {}", "{}x"})
    void whatIsNoObjectOfTextsIsRefused(String json) {
        assertThatThrownBy(() -> Metadata.ofJson(json.getBytes(StandardCharsets.UTF_8)))
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
