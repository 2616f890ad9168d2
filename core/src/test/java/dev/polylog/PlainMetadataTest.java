package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is certain at a glance can be read: every process decides a record the same, whichever way it looks. */
class PlainMetadataTest {

    private static boolean isCertain(byte[] json) {
        byte[] within = new byte[json.length + 2];
        System.arraycopy(json, 0, within, 1, json.length);
        return PlainMetadata.isCertain(within, 1, json.length);
    }

    @Test
    void metadata_as_most_is_written_is_certain() {
        assertThat(isCertain(Metadata.empty().toJson())).isTrue();
        assertThat(isCertain(Metadata.of("trace", "0af7651916cd43dd").toJson())).isTrue();
        assertThat(isCertain(Metadata.of(Map.of("user", "a b", "ab", "", "a", "{}:,"))
                        .toJson()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "[]",
                "{} ",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":\"b\"",
                "{\"a\":\"b}",
                "{\"a\":\"b\",}",
                "{\"a\":\"b\"}}",
                "{\"a\":1}",
                "{\"a\":\"b\" \"c\":\"d\"}",
                "{ \"a\":\"b\"}",
                "{\"b\":\"a\",\"a\":\"b\"}",
                "{\"a\":\"b\",\"a\":\"c\"}",
                "{\"a\":\"b\",\"c\":\"d\",\"a\":\"e\"}",
                "{\"a\":\"\\q\"}",
                "{\"a\":\"\t\"}"
            })
    void what_cannot_be_read_or_is_written_otherwise_is_never_certain(String json) {
        assertThat(isCertain(json.getBytes(StandardCharsets.UTF_8))).isFalse();
    }

    @Test
    void bytes_at_random_are_certain_only_where_they_can_be_read() {
        long seed = Long.getLong("polylog.seed", new Random().nextLong());
        Random random = new Random(seed);
        byte[] letters = "{}\"\"\"\"::,,ab\\ \u00e9\u0001".getBytes(StandardCharsets.ISO_8859_1);
        int certain = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] json = "{\"a\":\"b\",\"c\":\"d\"}".getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                json[random.nextInt(json.length)] = letters[random.nextInt(letters.length)];
            }
            if (isCertain(json)) {
                certain++;
                String shown = new String(json, StandardCharsets.ISO_8859_1);
                assertThatCode(() -> MetadataForm.read(json, 0, json.length))
                        .as("%s, seed %d", shown, seed)
                        .doesNotThrowAnyException();
                SortedMap<String, String> entries = MetadataForm.read(json, 0, json.length);
                assertThat(PlainMetadata.entries(json))
                        .as("%s, seed %d", shown, seed)
                        .isEqualTo(entries);
                assertThat(json).as("%s, seed %d", shown, seed).isEqualTo(MetadataForm.write(entries));
            }
        }
        assertThat(certain).isBetween(1_000, 40_000);
    }

    @Test
    void what_is_long_is_left_to_the_reader() {
        assertThat(isCertain(Metadata.of("a", "b".repeat(5_000)).toJson())).isFalse();
    }
}
