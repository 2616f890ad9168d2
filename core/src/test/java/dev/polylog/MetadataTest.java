package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata is the same however it was made and whenever it is looked at; what is wrong is said at once. */
class MetadataTest {

    private static final JsonFactory READER = new JsonFactory();
    private static final String REFUSAL = "metadata is not a JSON object of texts";

    private final long seed = Long.getLong("polylog.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    @Test
    void metadata_of_its_json_form_is_equal_in_every_way() {
        for (int i = 0; i < 5_000; i++) {
            Metadata given = Metadata.of(entries());
            byte[] json = given.toJson();
            assertThat(given.jsonSize()).as("%s, seed %d", shown(json), seed).isEqualTo(json.length);
            for (Function<Metadata, Object> firstLook : firstLooks(given)) {
                Metadata back = Metadata.ofJson(json);
                assertThat(firstLook.apply(back)).isNotNull();
                same(back, given);
            }
            assertThat(Metadata.ofJson(json)).as("seed %d", seed).isEqualTo(Metadata.ofJson(json));
        }
    }

    @Test
    void different_metadata_is_not_equal_however_it_was_made() {
        for (int i = 0; i < 5_000; i++) {
            Metadata one = Metadata.of(entries());
            Metadata other = random.nextBoolean() ? Metadata.of(entries()) : one.with(text(), text());
            boolean equal = one.asMap().equals(other.asMap());
            assertThat(one.equals(other)).as("seed %d", seed).isEqualTo(equal);
            assertThat(Metadata.ofJson(one.toJson()).equals(Metadata.ofJson(other.toJson())))
                    .as("seed %d", seed)
                    .isEqualTo(equal);
            assertThat(Metadata.ofJson(one.toJson()).equals(other))
                    .as("seed %d", seed)
                    .isEqualTo(equal);
            assertThat(one.equals(Metadata.ofJson(other.toJson())))
                    .as("seed %d", seed)
                    .isEqualTo(equal);
        }
    }

    @Test
    void many_threads_may_take_the_first_look() throws Exception {
        int threads = 4;
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Metadata> given = new ArrayList<>();
            List<Metadata> back = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                given.add(Metadata.of(entries()));
                back.add(Metadata.ofJson(given.get(i).toJson()));
            }
            CyclicBarrier together = new CyclicBarrier(threads);
            List<Future<?>> looks = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int look = t;
                looks.add(workers.submit(() -> {
                    together.await(1, TimeUnit.MINUTES);
                    for (int i = 0; i < given.size(); i++) {
                        Function<Metadata, Object> firstLook =
                                firstLooks(given.get(i)).get(look);
                        assertThat(firstLook.apply(back.get(i))).isNotNull();
                        same(back.get(i), given.get(i));
                    }
                    return null;
                }));
            }
            for (Future<?> look : looks) {
                look.get(1, TimeUnit.MINUTES);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "[1]",
                "{",
                "}",
                "{}",
                "{ }",
                "{} ",
                " {}",
                "{}x",
                "{} {}",
                "{\"a\"",
                "{\"a\"}",
                "{\"a\":",
                "{\"a\":\"",
                "{\"a\":\"1\"",
                "{\"a\":\"1\"}}",
                "{\"a\":\"1\"}x",
                "{\"a\":\"1\"} ",
                "{\"a\":\"1\",}",
                "{\"a\":\"1\" \"b\":\"2\"}",
                "{\"a\":1}",
                "{\"a\":null}",
                "{\"a\":{}}",
                "{\"a\":\"1\",\"a\":\"2\"}",
                "{\"a\":\"1\",\"a\":\"1\"}",
                "{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\"}",
                "{\"a\":\"1\",\"\\u0061\":\"2\"}",
                "{\"b\":\"1\",\"a\":\"2\"}",
                "{\"\":\"\"}",
                "{ \"a\" : \"1\" }",
                "{\"a\":\"\\q\"}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\u007f\"}",
                "{\"\u00e9\":\"\ud83d\ude00\"}",
                "{'a':'1'}",
                "{a:\"1\"}",
                "{\"a\":\"1\"/**/}"
            })
    void json_is_taken_or_refused_at_once_as_a_plain_reader_does(String json) {
        asAPlainReaderDoes(json.getBytes(StandardCharsets.UTF_8));
        asAPlainReaderDoes(json.getBytes(StandardCharsets.UTF_16BE));
    }

    @Test
    void bytes_that_are_no_text_are_taken_or_refused_as_a_plain_reader_does() {
        asAPlainReaderDoes("{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        asAPlainReaderDoes(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC0, (byte) 0x80, '"', '}'});
        asAPlainReaderDoes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', '}'});
        asAPlainReaderDoes(new byte[] {0, 0, 0, 0});
    }

    @Test
    void what_is_long_is_taken_or_refused_as_a_plain_reader_does() {
        for (int length : new int[] {4_080, 4_087, 4_088, 4_089, 4_096, 50_000, 50_001, 1_000_000}) {
            asAPlainReaderDoes(("{\"a\":\"" + "b".repeat(length) + "\"}").getBytes(StandardCharsets.UTF_8));
            asAPlainReaderDoes(("{\"" + "a".repeat(length) + "\":\"b\"}").getBytes(StandardCharsets.UTF_8));
            asAPlainReaderDoes(("{\"a\":\"" + "b".repeat(length)).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void json_with_changes_at_random_is_taken_or_refused_as_a_plain_reader_does() {
        byte[] letters = "{}\"\"\"\"::,,ab\\ u0\u00e9\u0001".getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 10_000; i++) {
            byte[] json = Metadata.of(entries()).toJson();
            json = random.nextInt(4) > 0 ? json : Arrays.copyOf(json, random.nextInt(json.length + 2));
            for (int change = random.nextInt(3); change > 0 && json.length > 0; change--) {
                json[random.nextInt(json.length)] = letters[random.nextInt(letters.length)];
            }
            asAPlainReaderDoes(json);
        }
    }

    @Test
    void the_bytes_are_the_callers_again_once_metadata_is_made() {
        byte[] json = "{\"a\":\"1\"}".getBytes(StandardCharsets.UTF_8);
        Metadata metadata = Metadata.ofJson(json);
        Arrays.fill(json, (byte) 'x');
        metadata.toJson()[0] = 'x';
        assertThat(metadata.get("a")).contains("1");
        assertThat(metadata.toJson()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":\"1\"}");
        Metadata.empty().toJson()[0] = 'x';
        assertThat(Metadata.empty().toJson()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    }

    @Test
    void metadata_of_its_json_form_cannot_be_changed_and_is_extended_by_a_copy() {
        Metadata metadata = Metadata.ofJson("{\"a\":\"1\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(metadata.with("b", "2")).isEqualTo(Metadata.of("b", "2").with("a", "1"));
        assertThatThrownBy(() -> metadata.asMap().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(metadata).isEqualTo(Metadata.of("a", "1"));
        assertThat(metadata.isEmpty()).isFalse();
        assertThat(Metadata.ofJson("{ }".getBytes(StandardCharsets.UTF_8))).isSameAs(Metadata.empty());
        assertThat(metadata.toString()).isEqualTo("[a]");
    }

    @Test
    void a_range_outside_the_bytes_is_refused() {
        byte[] json = "{}".getBytes(StandardCharsets.UTF_8);
        for (int[] range : new int[][] {{-1, 2}, {0, 3}, {1, 2}, {0, -1}, {1, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> Metadata.ofJson(json, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> Metadata.isJson(json, range[0], range[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    private void asAPlainReaderDoes(byte[] json) {
        SortedMap<String, String> expected = read(json);
        byte[] within = new byte[json.length + 2];
        System.arraycopy(json, 0, within, 1, json.length);
        assertThat(Metadata.isJson(within, 1, json.length))
                .as("%s, seed %d", shown(json), seed)
                .isEqualTo(expected != null);
        if (expected == null) {
            assertThatThrownBy(() -> Metadata.ofJson(json))
                    .as("%s, seed %d", shown(json), seed)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(REFUSAL);
            assertThatThrownBy(() -> Metadata.ofJson(within, 1, json.length))
                    .as("%s, seed %d", shown(json), seed)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(REFUSAL);
        } else {
            same(Metadata.ofJson(json), Metadata.of(expected));
            same(Metadata.ofJson(within, 1, json.length), Metadata.of(expected));
        }
    }

    /** What a reader makes of the bytes that knows no shorter way; null where it refuses them. */
    private static @Nullable SortedMap<String, String> read(byte[] bytes) {
        SortedMap<String, String> entries = new TreeMap<>();
        try (JsonParser json = READER.createParser(bytes)) {
            boolean right = json.nextToken() == JsonToken.START_OBJECT;
            while (right && json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                right = json.nextToken() == JsonToken.VALUE_STRING && entries.put(name, json.getText()) == null;
            }
            return right && json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null ? entries : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static List<Function<Metadata, Object>> firstLooks(Metadata equal) {
        return List.of(
                Metadata::hashCode,
                metadata -> metadata.equals(equal),
                equal::equals,
                metadata -> metadata.get("a"),
                Metadata::asMap,
                Metadata::toString,
                metadata -> metadata.with("a", "b"),
                Metadata::jsonSize,
                Metadata::toJson);
    }

    private void same(Metadata actual, Metadata expected) {
        // As plainly as possible: this runs very often.
        boolean same = actual.equals(expected)
                && expected.equals(actual)
                && actual.hashCode() == expected.hashCode()
                && actual.asMap().equals(expected.asMap())
                && new ArrayList<>(actual.asMap().keySet())
                        .equals(new ArrayList<>(expected.asMap().keySet()))
                && actual.toString().equals(expected.toString())
                && actual.isEmpty() == expected.isEmpty()
                && actual.jsonSize() == expected.jsonSize();
        assertThat(same)
                .as("%s is %s, seed %d", actual.asMap(), expected.asMap(), seed)
                .isTrue();
    }

    private Map<String, String> entries() {
        Map<String, String> entries = new HashMap<>();
        int most = random.nextInt(50) == 0 ? 200 : 5;
        for (int n = random.nextInt(most); n > 0; n--) {
            entries.put(text(), random.nextInt(500) == 0 ? text() + "long".repeat(random.nextInt(3_000)) : text());
        }
        return entries;
    }

    /** Half of the texts are plain; the others hold whatever an append may be given. */
    private String text() {
        StringBuilder text = new StringBuilder();
        int range = random.nextInt(2) == 0 ? 0 : random.nextInt(4);
        for (int n = random.nextInt(10); n > 0; n--) {
            int c = switch (range) {
                case 0 -> 'a' + random.nextInt(4);
                case 1 -> random.nextInt(0x100);
                case 2 -> random.nextInt(Character.MAX_CODE_POINT + 1);
                default -> Character.MIN_SUPPLEMENTARY_CODE_POINT + random.nextInt(0x1000);
            };
            text.appendCodePoint(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 'x' : c);
        }
        return text.toString();
    }

    private static String shown(byte[] json) {
        return new String(json, 0, Math.min(json.length, 200), StandardCharsets.ISO_8859_1);
    }
}
