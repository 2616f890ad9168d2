package dev.polylog.cli.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {

    private static final UUID ID = UUID.fromString("08b1cde8-d7c9-55f8-ba1c-733104d4969f");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final List<String> NAMES = List.of(
            "correlationId",
            "causationId",
            "correlationid",
            "source",
            "time",
            "dataschema",
            "id",
            "subject",
            "data",
            "type",
            "specversion",
            "datacontenttype",
            "polylogmetadata",
            "polylogversion",
            "cloudevents.id",
            "cloudevents.types",
            "a",
            "traceparent",
            "With Space",
            "ünïcode",
            "averyveryverylongattributename");
    private static final List<String> VALUES = List.of(
            "",
            "x",
            "5",
            "-0",
            "1.50",
            "1e3",
            "true",
            "false",
            "null",
            "urn:polylog",
            "urn:a b",
            "urn:x",
            "2026-01-31T12:00:00Z",
            "2026-01-31T12:00:00.123Z",
            "yesterday",
            "a=number",
            "a=boolean",
            "a=number,traceparent=boolean",
            "traceparent=boolean,a=number",
            "\"",
            "\\",
            "\n",
            "é😀",
            "{\"a\":\"b\"}");

    private static StreamEvent read(String json) throws InvalidCloudEvent {
        return CloudEventReader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String with(String attributes) {
        return "{\"specversion\":\"1.0\",\"id\":\"" + ID + "\",\"source\":\"urn:s\",\"type\":\"T\",\"subject\":\"A-1\""
                + (attributes.isEmpty() ? "" : ",") + attributes + "}";
    }

    private static RecordedEvent recorded(StreamEvent event) {
        return new RecordedEvent(event.stream(), 7, Position.of(9), NOW, event.event());
    }

    private static String written(String json) throws InvalidCloudEvent {
        return new String(CloudEventWriter.write(recorded(read(json))), StandardCharsets.UTF_8);
    }

    private static void requireRoundTrip(EventData event) throws InvalidCloudEvent {
        StreamEvent given = new StreamEvent(StreamId.of("Order-\"1\""), event);
        byte[] line = CloudEventWriter.write(recorded(given));
        assertThat(new String(line, StandardCharsets.UTF_8)).doesNotContain("\n", "\r");
        StreamEvent back = CloudEventReader.read(line);
        assertThat(back).isEqualTo(given);
        assertThat(back.event().metadata().asMap()).isEqualTo(event.metadata().asMap());
    }

    @Test
    void a_cloud_event_becomes_an_event_of_the_stream_that_is_its_subject() throws InvalidCloudEvent {
        StreamEvent read = read(with("\"time\":\"2026-01-31T12:00:00Z\",\"correlationid\":\"c\",\"causationid\":\"d\","
                + "\"traceparent\":\"p\",\"datacontenttype\":\"application/json\",\"data\":{\"a\":1}"));
        assertThat(read.stream()).isEqualTo(StreamId.of("A-1"));
        assertThat(read.event().id()).isEqualTo(ID);
        assertThat(read.event().type()).isEqualTo("T");
        assertThat(read.event().contentType()).isEqualTo("application/json");
        assertThat(read.event().payload().asUtf8()).isEqualTo("{\"a\":1}");
        assertThat(read.event().metadata().asMap())
                .isEqualTo(Map.of(
                        "source",
                        "urn:s",
                        "time",
                        "2026-01-31T12:00:00Z",
                        "correlationId",
                        "c",
                        "causationId",
                        "d",
                        "traceparent",
                        "p"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1.0, \"a\" :1.00,\"b\":2}",
                "[ 1,2 , {} ]",
                "\"text \\u00e9 \\ud800\"",
                "1.0",
                "-0.10e+5",
                "true",
                "false",
                "null",
                "{}",
                "[]",
                "\"\"",
                "\"é😀\"",
                "[\t1]",
                "12345678901234567890123456789012345678901234567890"
            })
    void data_is_kept_to_the_byte_and_written_as_it_was(String data) throws InvalidCloudEvent {
        for (String around : List.of("%s", " %s ", "\t%s  ")) {
            for (String place : List.of("\"data\":X", "\"data\":X,\"z\":\"1\"", "\"z\":1,\"data\":X")) {
                String json = with(place.replace("X", String.format(around, data)));
                assertThat(read(json).event().payload().asUtf8()).isEqualTo(data);
                assertThat(written(json)).contains("\"data\":" + data + "}");
            }
        }
    }

    @Test
    void an_id_that_is_no_uuid_becomes_always_the_same_uuid_and_is_written_as_it_was() throws InvalidCloudEvent {
        String json = with("").replace(ID.toString(), "order 7/1");
        EventData event = read(json).event();
        assertThat(event.id().version()).isEqualTo(5);
        assertThat(event.id()).isEqualTo(UUID.fromString("c4592479-5a75-5d97-abbe-6ce5d5bd4b58"));
        assertThat(event.metadata().get("cloudevents.id")).contains("order 7/1");
        assertThat(read(json.replace("urn:s", "urn:t")).event().id()).isNotEqualTo(event.id());
        assertThat(written(json)).contains("\"id\":\"order 7/1\"").doesNotContain("polylogmetadata");
    }

    @Test
    void a_uuid_in_capitals_is_kept_as_a_uuid_and_written_in_capitals() throws InvalidCloudEvent {
        String json = with("").replace(ID.toString(), ID.toString().toUpperCase(Locale.ROOT));
        assertThat(read(json).event().id()).isEqualTo(ID);
        assertThat(written(json)).contains(ID.toString().toUpperCase(Locale.ROOT));
    }

    @Test
    void numbers_and_truths_in_extensions_keep_their_type() throws InvalidCloudEvent {
        String json = with("\"a\":1.50,\"b\":true,\"c\":\"7\",\"d\":\"true\",\"e\":-0");
        assertThat(read(json).event().metadata().get("cloudevents.types")).contains("a=number,b=boolean,e=number");
        assertThat(written(json)).contains("\"a\":1.50,\"b\":true,\"c\":\"7\",\"d\":\"true\",\"e\":-0");
        assertThat(read(written(json)).event()).isEqualTo(read(json).event());
    }

    @Test
    void a_text_beside_another_content_type_is_the_text_itself() throws InvalidCloudEvent {
        EventData event = read(with("\"data\":\"<a b=\\\"c\\\"/>\",\"datacontenttype\":\"text/xml\""))
                .event();
        assertThat(event.payload().asUtf8()).isEqualTo("<a b=\"c\"/>");
        requireRoundTrip(event);
    }

    @Test
    void what_is_filled_in_for_readers_is_left_out_again() throws InvalidCloudEvent {
        EventData event = new EventData(ID, "T", "application/json", Payload.utf8("{}"), Metadata.empty());
        String line = new String(
                CloudEventWriter.write(new RecordedEvent(StreamId.of("A-1"), 1, Position.of(1), NOW, event)),
                StandardCharsets.UTF_8);
        assertThat(line).contains("\"source\":\"urn:polylog\"", "\"time\":\"2026-01-31T12:00:00.123Z\"");
        assertThat(read(line).event()).isEqualTo(event);
    }

    @Test
    void any_event_comes_back_exactly() throws InvalidCloudEvent {
        Random random = new Random(20260131);
        for (int i = 0; i < 5_000; i++) {
            Metadata metadata = Metadata.empty();
            for (int n = random.nextInt(6); n > 0; n--) {
                metadata = metadata.with(pick(random, NAMES), pick(random, VALUES));
            }
            String contentType = pick(
                    random,
                    List.of(
                            "application/json",
                            "text/json; charset=x",
                            "application/cloudevents+json",
                            "text/plain",
                            "image/png",
                            "APPLICATION/JSON",
                            "nonsense"));
            UUID id = random.nextInt(4) == 0
                    ? EventIds.of(
                            metadata.get("source").orElse("urn:polylog"),
                            metadata.get("cloudevents.id").orElse("?"))
                    : new UUID(random.nextLong(), random.nextLong());
            requireRoundTrip(new EventData(id, "T \"1\"\\", contentType, payload(random), metadata));
        }
    }

    private static Payload payload(Random random) {
        if (random.nextInt(3) == 0) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return Payload.of(bytes);
        }
        return Payload.utf8(pick(
                random,
                List.of(
                        "",
                        "{}",
                        "{\"a\":1,\"a\":1.0}",
                        " {}",
                        "{} ",
                        "{\n}",
                        "{\r}",
                        "{\t}",
                        "[",
                        "nul",
                        "null",
                        "1 2",
                        "\uFEFF{}",
                        "\0",
                        "\"\0\"",
                        "\"\u0001\"",
                        "{\"a\":\"é😀\u2028\"}",
                        "\"\\ud800\"",
                        "0",
                        "01",
                        "1.",
                        "NaN",
                        "'a'",
                        "// x\n1",
                        "[1,]",
                        "\"a",
                        "[".repeat(6000) + "]".repeat(6000))));
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]|expected a JSON object",
                "{\"specversion\":\"1.0\"|not valid JSON",
                "{} x|not valid JSON",
                "{} {}|something follows after the object",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"a\"}|expected \"1.0\"",
                "{\"specversion\":\"1.0\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"a\"}|no id",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"type\":\"t\",\"subject\":\"a\"}|no source",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"subject\":\"a\"}|no type",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"}|no subject",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":7,\"subject\":\"a\"}|\"type\" is a number",
                "{\"id\":\"1\",\"id\":\"1\"}|\"id\" occurs twice",
                "{\"A\":\"1\"}|none of CloudEvents",
                "{\"a\":{}}|an object",
                "{\"a\":[]}|an array",
                "{\"polylogmetadata\":{}}|\"polylogmetadata\" is an object",
            })
    void what_is_no_cloud_event_is_refused_with_its_reason(String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidCloudEvent.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"time\":\"yesterday\"|time is \"yesterday\"",
                "\"data\":1,\"data_base64\":\"AA==\"|both data and data_base64",
                "\"data_base64\":\"!\"|not valid Base64",
                "\"data_base64\":5|\"data_base64\" is a number",
                "\"polylogmetadata\":\"[]\"|not a JSON object of texts",
                "\"datacontenttype\":\"text/plain\",\"data\":\"\\ud800\"|unpaired surrogate",
            })
    void attributes_that_cannot_be_are_refused_with_their_reason(String attributes, String reason) {
        assertThatThrownBy(() -> read(with(attributes)))
                .isInstanceOf(InvalidCloudEvent.class)
                .hasMessageContaining(reason);
    }

    @Test
    void bytes_that_are_no_utf8_are_refused() {
        byte[] line = with("\"data\":\"X\"").getBytes(StandardCharsets.UTF_8);
        line[line.length - 3] = (byte) 0xFF;
        assertThatThrownBy(() -> CloudEventReader.read(line)).hasMessageContaining("UTF-8");
        assertThatThrownBy(() -> CloudEventReader.read(with("").getBytes(StandardCharsets.UTF_16BE)))
                .isInstanceOf(InvalidCloudEvent.class);
    }
}
