package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter A: versions, what comes back, when it was recorded. */
interface AppendContentChecks {

    @Test
    default void a02_versions_are_1_2_3_whatever_the_sizes_of_appends(TckContext tck) {
        StreamId stream = tck.freshStream();
        int version = 0;
        for (int i = 0; i < 12; i++) {
            int size = 1 + tck.random().nextInt(9);
            AppendResult result = tck.store().append(stream, i % 2 == 0 ? any() : exactly(version), tck.events(size));
            Refusals.written(result, stream, version + 1L, version + size);
            assertThat(result.version()).isEqualTo(version + size);
            version += size;
        }
        assertThat(tck.store().readStream(stream).stream()
                        .map(RecordedEvent::version)
                        .toList())
                .isEqualTo(LongStream.rangeClosed(1, version).boxed().toList());
    }

    @Test
    default void a02_refused_appends_leave_no_gap(TckContext tck) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < 10; i++) {
            Refusals.written(tck.store().append(stream, exactly(i), tck.event()), stream, i + 1, i + 1);
            assertThat(catchThrowable(() -> tck.store().append(stream, exactly(99), tck.events(3))))
                    .isInstanceOf(VersionConflict.class);
        }
        assertThat(tck.store().version(stream)).isEqualTo(10);
    }

    @Test
    @Tag("raced")
    default void a02_versions_have_no_gap_or_repeat_however_many_write(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        List<Long> reported = Collections.synchronizedList(new ArrayList<>());
        Rendezvous<Integer> race = tck.race();
        race.racers(8, writer -> () -> {
            for (int i = 0; i < tck.rounds(); i++) {
                AppendResult.Written written = stores.get(writer % 2)
                        .append(stream, any(), tck.events(1 + (writer + i) % 3))
                        .streams()
                        .get(0);
                LongStream.rangeClosed(written.firstVersion(), written.lastVersion())
                        .forEach(reported::add);
            }
            return writer;
        });
        race.run().allReturned();
        Collections.sort(reported);
        assertThat(reported)
                .isEqualTo(LongStream.rangeClosed(1, reported.size()).boxed().toList());
        assertThat(tck.store().version(stream)).isEqualTo(reported.size());
    }

    /** Appends the events, and reads them back in every way there is. */
    private static void roundTrip(TckContext tck, List<EventData> events) {
        StreamId stream = tck.freshStream();
        int most = tck.traits().limits().maxEventsPerAppend();
        for (int i = 0; i < events.size(); i += most) {
            tck.store().append(stream, exactly(i), events.subList(i, Math.min(events.size(), i + most)));
        }
        EventStore other = tck.another().store();
        List<EventData> reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        assertThat(data(tck.store().readStream(stream).toList())).isEqualTo(events);
        assertThat(data(other.readStream(stream).toList())).isEqualTo(events);
        assertThat(data(other.readStream(stream, ReadOptions.stream().backwards())
                        .toList()))
                .isEqualTo(reversed);
        assertThat(data(other.readAll(ReadOptions.all().after(tck.start())).toList()))
                .isEqualTo(events);
    }

    private static List<EventData> data(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::data).toList();
    }

    private static EventData binary(byte[] bytes) {
        return EventData.of("Binary", "application/octet-stream", Payload.of(bytes));
    }

    @Test
    default void a08_every_byte_value_comes_back(TckContext tck) {
        byte[] all = new byte[256];
        List<EventData> events = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
            events.add(binary(new byte[] {(byte) i}));
        }
        events.add(binary(all));
        roundTrip(tck, events);
    }

    @Test
    default void a08_payloads_of_every_size_come_back(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (int size :
                new int[] {0, 1, 2, 3, 127, 128, 255, 256, 1_023, 1_024, 4_095, 4_096, 8_193, 65_536, 100_001}) {
            byte[] bytes = new byte[size];
            tck.random().nextBytes(bytes);
            events.add(binary(bytes));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_bytes_that_are_no_text_come_back(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (int[] bytes : new int[][] {
            {0},
            {0, 0, 0},
            {'a', 0, 'b'},
            {0xff, 0xfe},
            {0xef, 0xbb, 0xbf, 'x'},
            {0xc0, 0x80},
            {0xed, 0xa0, 0x80},
            {0xf8, 0x88, 0x80, 0x80, 0x80},
            {0xc3},
            {0x80},
            {'\r', '\n'},
            {'\n', '\r'},
            {0x1a},
            {'\\', '0'},
            {'\\', 'x'}
        }) {
            byte[] payload = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                payload[i] = (byte) bytes[i];
            }
            events.add(EventData.of("NoText", "text/plain; charset=utf-8", Payload.of(payload)));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_json_comes_back_as_it_was_written(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (String json : List.of(
                "{\"b\":1,\"a\":2}",
                "{\"a\":1,\"a\":2}",
                "{ \"a\" : 1.0 }",
                "1.00",
                "1e400",
                "-0",
                "-0.0",
                "123456789012345678901234567890",
                "0.1000000000000000055511151231257827",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"\\u00e9\"",
                "\"\u00e9\"",
                " \t\r\n{}\n",
                "\"\\/\"",
                "[[[[[[[[[[]]]]]]]]]]",
                "null",
                "{\"a\":",
                "not json",
                "")) {
            events.add(EventData.json("Json", json));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_random_bytes_come_back(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[tck.random().nextInt(200)];
            tck.random().nextBytes(bytes);
            events.add(binary(bytes));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_metadata_comes_back(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (Map<String, String> entries : List.of(
                Map.of("a", ""),
                Map.of("a", "1", "A", "2", "a ", "3", " a", "4"),
                Map.of("correlationId", "c"),
                Map.of("$type", "x", "$", "y", "__proto__", "z", "null", "null"),
                Map.of("\"quoted\"", "\"\\\""),
                Map.of("a.b", "1", "a", "{\"b\":2}"),
                Map.of("\u00e9", "e\u0301", "e\u0301", "\u00e9"),
                Map.of("emoji \ud83d\ude00", "\ud83d\udc68\u200d\ud83d\udc69"),
                Map.of("\u05d0\u05d1", "\u202eabc"),
                Map.of("controls", "\u0000\u0001\t\r\n\u001f\u007f\u0085\u2028\u2029\ufeff\uffff"),
                Map.of("n".repeat(255), "v"),
                Map.of("long", "v".repeat(Math.min(5_000, tck.traits().limits().maxMetadataBytes() - 100))))) {
            events.add(tck.event().withMetadata(Metadata.of(entries)));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_types_and_content_types_come_back(TckContext tck) {
        List<EventData> events = new ArrayList<>();
        for (String name : List.of(
                "OrderPlaced",
                "orderplaced",
                " OrderPlaced",
                "OrderPlaced ",
                "order placed",
                "o",
                "1",
                "null",
                "$Reserved",
                "$",
                "a'b",
                "a\"b",
                "a\\b",
                "a;b--",
                "a%b_c",
                "a/b",
                "a|b#c:d",
                "\u00e9",
                "e\u0301",
                "\ud83d\ude00",
                "\u202eabc",
                "x".repeat(255))) {
            events.add(EventData.of(name, "text/plain", Payload.empty()));
            events.add(EventData.of("Typed", name, Payload.empty()));
        }
        roundTrip(tck, events);
    }

    @Test
    default void a08_ids_of_every_shape_come_back(TckContext tck) {
        List<UUID> ids = List.of(
                new UUID(0, 0),
                new UUID(-1, -1),
                new UUID(0, 1),
                new UUID(1, 0),
                new UUID(Long.MIN_VALUE, Long.MAX_VALUE),
                new UUID(Long.MAX_VALUE, Long.MIN_VALUE),
                UUID.nameUUIDFromBytes("v3".getBytes(StandardCharsets.UTF_8)),
                UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91"),
                UUID.fromString("1ec9414c-232a-6b00-b3c8-9e6bdeced846"));
        roundTrip(tck, ids.stream().map(id -> tck.event().withId(id)).toList());
    }

    @Test
    default void a08_arrays_are_copied_on_both_ways(TckContext tck) {
        StreamId stream = tck.freshStream();
        byte[] bytes = {1, 2, 3};
        tck.store().append(stream, noStream(), binary(bytes));
        Arrays.fill(bytes, (byte) 9);
        byte[] read =
                tck.store().readStream(stream).first().orElseThrow().payload().toByteArray();
        assertThat(read).containsExactly(1, 2, 3);
        Arrays.fill(read, (byte) 9);
        assertThat(tck.store()
                        .readStream(stream)
                        .first()
                        .orElseThrow()
                        .payload()
                        .toByteArray())
                .containsExactly(1, 2, 3);
    }

    @Test
    default void a09_the_store_says_when_to_the_millisecond(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.eventually("an event was recorded at a time that is no multiple of 10 milliseconds", () -> {
            tck.store().append(stream, any(), tck.event());
            Instant recorded = tck.store()
                    .readStream(stream, ReadOptions.stream().backwards())
                    .first()
                    .orElseThrow()
                    .recordedAt();
            return recorded.toEpochMilli() % 10 != 0;
        });
    }

    @Test
    default void a09_all_reads_tell_the_same_time_and_a_repeat_keeps_it(TckContext tck) {
        StreamId stream = tck.freshStream();
        EventData event = tck.event();
        tck.store().append(stream, noStream(), event);
        RecordedEvent first = tck.store().readStream(stream).first().orElseThrow();
        assertThat(tck.store().append(stream, noStream(), event).repeated()).isTrue();
        EventStore other = tck.another().store();
        assertThat(other.readStream(stream).toList()).containsExactly(first);
        assertThat(other.readAll(ReadOptions.all().after(tck.start())).toList()).containsExactly(first);
    }
}
