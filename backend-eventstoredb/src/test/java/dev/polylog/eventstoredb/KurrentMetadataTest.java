package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata in our form and in KurrentDB's. */
class KurrentMetadataTest {

    private static final Map<String, String> MARK = Map.of(KurrentMetadata.ATTEMPT, "m-1");

    private static String stored(Metadata metadata) {
        return new String(KurrentMetadata.encode(metadata, MARK), StandardCharsets.UTF_8);
    }

    private static Metadata foreign(String json) {
        return ForeignMetadata.decode(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void correlation_and_causation_have_the_names_that_kurrentdb_knows() {
        assertThat(stored(Metadata.of("correlationId", "c").with("causationId", "d")))
                .contains("\"$correlationId\":\"c\"", "\"$causationId\":\"d\"");
        assertThat(foreign("{\"$correlationId\":\"c\",\"$causationId\":\"d\"}"))
                .isEqualTo(Metadata.of("correlationId", "c").with("causationId", "d"));
    }

    @Test
    void whatever_names_an_application_uses_come_back() {
        Metadata odd = Metadata.of(Map.ofEntries(
                Map.entry("correlationId", "1"),
                Map.entry("$correlationId", "2"),
                Map.entry("$$correlationId", "3"),
                Map.entry("$polylog-append", "4"),
                Map.entry("$polylog-id", "5"),
                Map.entry("$$polylog-type", "6"),
                Map.entry("$schema.name", "7"),
                Map.entry("$traceId", "8"),
                Map.entry("$", "9"),
                Map.entry("$other", "10"),
                Map.entry("polylog-append", "11")));
        byte[] stored = KurrentMetadata.encode(odd, MARK);
        KurrentMetadata.Decoded back = Objects.requireNonNull(KurrentMetadata.decode(stored));
        assertThat(back.metadata()).isEqualTo(odd);
        assertThat(back.ours()).isEmpty();
        assertThat(KurrentMetadata.attempt(stored)).isEqualTo("m-1");
    }

    @ParameterizedTest
    @CsvSource({
        "correlationId, $correlationId",
        "causationId, $causationId",
        "traceId, traceId",
        "schema.name, schema.name",
        "polylog-append, polylog-append",
        "$correlationId, $$correlationId",
        "$$causationId, $$$causationId",
        "$traceId, $$traceId",
        "$$spanId, $$$spanId",
        "$schema., $$schema.",
        "$$schema.name, $$$schema.name",
        "$polylog-, $$polylog-",
        "$polylog-id, $$polylog-id",
        "$$polylog-append, $$$polylog-append",
        "$schema, $schema",
        "$polylog, $polylog",
        "$traceIds, $traceIds",
        "$a$traceId, $a$traceId",
        "$, $",
        "$$, $$"
    })
    void a_name_is_stored_under_another_where_it_would_mean_something(String name, String storedName) {
        assertThat(stored(Metadata.of(name, "x"))).endsWith(",\"" + storedName + "\":\"x\"}");
        byte[] stored = KurrentMetadata.encode(Metadata.of(name, "x"), MARK);
        KurrentMetadata.Decoded back = Objects.requireNonNull(KurrentMetadata.decode(stored));
        assertThat(back.metadata()).isEqualTo(Metadata.of(name, "x"));
        assertThat(back.ours()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"$polylog-append\":\"m-1\"}; 0",
                "{\"$polylog-append\":\"m-1\",\"a\":\"b\"}; 1",
                "{\"a\":\"b\",\"$polylog-append\":\"m-1\"}; 1",
                "{ \"$polylog-append\" : \"m-1\" , \"a\" : \"b\" }; 1",
                "{\"$polylog-append\":\"m-1\",\"b\":\"c\",\"a\":\"b\"}; 2",
                "{\"$polylog-append\":\"m-1\",\"a\":\"$b\"}; 1",
                "{\"$polylog-append\":\"m-1\",\"a\":\"\\\"$traceId\"}; 1",
                "{\"$polylog-append\":\"m-1\",\"a\":\"b\",\"$traceId\":\"t\"}; 1",
                "{\"$polylog-append\":\"m-1\",\"a\":\"ü\"}; 1",
                "{\"$polylog-append\":\"m\\u002d1\",\"a\":\"b\"}; 1"
            })
    void our_metadata_is_read_however_it_is_written(String stored, int entries) {
        byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);
        KurrentMetadata.Decoded read = Objects.requireNonNull(KurrentMetadata.decode(bytes));
        assertThat(KurrentMetadata.attempt(bytes)).isEqualTo("m-1");
        assertThat(read.our(KurrentMetadata.ATTEMPT)).isEmpty();
        assertThat(read.metadata().asMap()).hasSize(entries).doesNotContainKey("$traceId");
    }

    @Test
    void what_server_and_client_add_to_our_events_is_left_out() {
        String added = stored(Metadata.of("a", "b"))
                .replace(
                        "}",
                        ",\"$schema.name\":\"T\",\"$schema.format\":\"Json\",\"$traceId\":\"t\",\"$spanId\":\"s\"}");
        KurrentMetadata.Decoded back =
                Objects.requireNonNull(KurrentMetadata.decode(added.getBytes(StandardCharsets.UTF_8)));
        assertThat(back.metadata()).isEqualTo(Metadata.of("a", "b"));
    }

    @Test
    void metadata_of_others_is_not_taken_for_ours() {
        for (String other : new String[] {
            "",
            "{}",
            "[]",
            "x",
            "{\"a\":\"b\"}",
            "{\"$polylog-append\":1}",
            "{\"$polylog-append\":\"m",
            "{\"$polylog-append\":\"m\",",
            "{\"$polylog-append\":\"m\",}",
            "{\"$polylog-append\":\"m\",\"a\":1}",
            "{\"$polylog-append\":\"m\",\"a\":\"b\""
        }) {
            assertThat(KurrentMetadata.decode(other.getBytes(StandardCharsets.UTF_8)))
                    .as(other)
                    .isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "x",
                "{\"a\":\"b\"}",
                "{\"$polylog-append\":1}",
                "{\"$polylog-append\":\"m",
                "{\"a\":1,\"$polylog-append\":\"m\"}"
            })
    void no_attempt_of_ours_wrote_what_has_no_mark(String other) {
        assertThat(KurrentMetadata.attempt(other.getBytes(StandardCharsets.UTF_8)))
                .isNull();
    }

    @Test
    void texts_of_others_are_entries_and_other_values_come_with_the_whole() {
        assertThat(foreign("{\"a\":\"b\",\"$traceId\":\"t\"}"))
                .isEqualTo(Metadata.of("a", "b").with("$traceId", "t"));
        String whole = "{ \"n\": 1.00, \"o\": {\"p\":[1,null]}, \"t\": \"x\" }";
        assertThat(foreign(whole))
                .isEqualTo(Metadata.of("n", "1.00")
                        .with("o", "{\"p\":[1,null]}")
                        .with("t", "x")
                        .with(ForeignMetadata.ORIGINAL, whole));
    }

    @Test
    void names_that_would_fall_together_are_kept_apart() {
        String both = "{\"correlationId\":\"plain\",\"$correlationId\":\"known\"}";
        assertThat(foreign(both).get(ForeignMetadata.ORIGINAL)).contains(both);
        assertThat(foreign(both).asMap())
                .containsEntry("correlationId", "plain")
                .containsEntry("$correlationId", "known");
        String twice = "{\"a\":\"1\",\"a\":\"2\"}";
        assertThat(foreign(twice)).isEqualTo(Metadata.of(ForeignMetadata.ORIGINAL, twice));
    }

    @Test
    void metadata_that_is_no_json_comes_whole() {
        assertThat(foreign("plain text")).isEqualTo(Metadata.of(ForeignMetadata.ORIGINAL, "plain text"));
        byte[] bytes = {(byte) 0xff, 0, 1};
        assertThat(ForeignMetadata.decode(bytes))
                .isEqualTo(Metadata.of(
                        ForeignMetadata.ORIGINAL_BYTES, Base64.getEncoder().encodeToString(bytes)));
        assertThat(ForeignMetadata.decode(new byte[0])).isEqualTo(Metadata.empty());
    }

    @Test
    void events_in_a_row_are_read_as_each_is_read_alone() {
        KurrentMetadata.Reader reader = new KurrentMetadata.Reader();
        for (String stored : new String[] {
            "{\"$polylog-append\":\"m-1\",\"a\":\"b\"}",
            "{\"$polylog-append\":\"m-22\",\"a\":\"b\"}",
            "{\"$polylog-append\":\"m-22\",\"a\":\"c\"}",
            "{\"a\":\"b\"}",
            "{\"$polylog-append\":\"m-1\",\"a\":\"c\"}",
            "{\"$polylog-append\":\"m-1\"}",
            "{\"$polylog-append\":\"m-2\"}",
            "{\"$polylog-append\":\"m-2\",\"a\":1}",
            "{\"$polylog-append\":\"m-2\",\"$traceId\":\"t\"}",
            "{\"$polylog-append\":\"m-3\",\"a\":\"b\"}"
        }) {
            byte[] bytes = stored.getBytes(StandardCharsets.UTF_8);
            assertThat(reader.decode(bytes)).as(stored).isEqualTo(KurrentMetadata.decode(bytes));
        }
    }

    @Test
    void what_is_the_same_behind_the_mark_is_one_metadata() {
        KurrentMetadata.Reader reader = new KurrentMetadata.Reader();
        Metadata given = Metadata.of("a", "b");
        byte[] one = KurrentMetadata.encode(given, MARK);
        byte[] two = KurrentMetadata.encode(given, Map.of(KurrentMetadata.ATTEMPT, "m-22"));
        KurrentMetadata.Decoded first = Objects.requireNonNull(reader.decode(one));
        KurrentMetadata.Decoded second = Objects.requireNonNull(reader.decode(two));
        assertThat(second.metadata()).isSameAs(first.metadata()).isEqualTo(given);
        assertThat(KurrentMetadata.attempt(two)).isEqualTo("m-22");
    }

    @Test
    void events_of_one_append_are_written_as_each_is_written_alone() {
        KurrentMetadata.Writer writer = new KurrentMetadata.Writer();
        Map<String, String> others = Map.of(KurrentMetadata.ATTEMPT, "m-1", KurrentMetadata.TYPE, "t");
        assertThat(writer.encode(Metadata.empty(), MARK)).isEqualTo(KurrentMetadata.encode(Metadata.empty(), MARK));
        byte[] one = writer.encode(Metadata.of("a", "b"), MARK);
        assertThat(one).isEqualTo(KurrentMetadata.encode(Metadata.of("a", "b"), MARK));
        assertThat(writer.encode(Metadata.of("a", "b"), MARK)).isSameAs(one);
        assertThat(writer.encode(Metadata.of("a", "b"), others))
                .isEqualTo(KurrentMetadata.encode(Metadata.of("a", "b"), others));
        assertThat(writer.encode(Metadata.of("a", "c"), others))
                .isEqualTo(KurrentMetadata.encode(Metadata.of("a", "c"), others));
    }
}
