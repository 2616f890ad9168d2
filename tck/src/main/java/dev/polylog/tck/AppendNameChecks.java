package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Append;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.InvalidAppend;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Chapter A: what is refused before any store is asked, names that are compared exactly. */
interface AppendNameChecks {

    private static InvalidAppend refused(TckContext tck, StreamId stream, EventData... events) {
        return Refusals.invalid(tck.store(), Append.to(stream, any(), events));
    }

    @Test
    default void a13_an_append_without_events_is_refused(TckContext tck) {
        StreamId stream = tck.freshStream();
        assertThat(refused(tck, stream)).hasMessageContaining("no events");
        Refusals.invalid(tck.store(), Append.to(stream, any(), tck.event()).and(tck.freshStream(), any(), List.of()));
        assertThat(tck.store().version(stream)).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // a null is what is tried
    default void a13_nulls_are_refused(TckContext tck) {
        StreamId stream = tck.freshStream();
        assertThat(refused(tck, stream, tck.event(), null)).hasMessageContaining("null");
        assertThat(refused(tck, null, tck.event())).hasMessageContaining("null");
        Append withoutExpectation = Append.to(stream, null, tck.event());
        assertThat(Refusals.invalid(tck.store(), withoutExpectation)).hasMessageContaining("null");
        assertThat(Refusals.refused(
                        tck.store(), InvalidAppend.class, () -> tck.store().append((Append) null)))
                .hasMessageContaining("null");
    }

    @Test
    default void a13_blank_and_over_long_types_are_refused(TckContext tck) {
        for (String type : List.of("", " ", "\u2003 ", "t".repeat(256), "a\u0000", "a\nb", "\ud800")) {
            refused(tck, tck.freshStream(), EventData.of(type, "text/plain", Payload.empty()));
            refused(tck, tck.freshStream(), EventData.of("Typed", type, Payload.empty()));
        }
    }

    @Test
    default void a13_stream_names_are_refused_where_they_break_the_rule(TckContext tck) {
        for (String name : List.of(
                "", " ", "\t", "s".repeat(256), "a\u0000b", "a\u001f", "a\u007f", "\ud83d", "\ude00a", "$", "$all")) {
            refused(tck, StreamId.of(name), tck.event());
            assertThatThrownBy(() -> tck.store().version(StreamId.of(name)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> tck.store().readStream(StreamId.of(name)).toList())
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void a13_one_message_lists_everything_that_is_wrong(TckContext tck) {
        EventData unnamed = EventData.of(" ", "c".repeat(256), Payload.empty());
        EventData large = EventData.of(
                "Large", "text/plain", Payload.of(new byte[tck.traits().limits().maxPayloadBytes() + 1]));
        InvalidAppend invalid = refused(tck, StreamId.of("$a\n" + "s".repeat(300)), unnamed, large, large);
        assertThat(invalid.problems()).hasSizeGreaterThanOrEqualTo(7);
        assertThat(invalid)
                .hasMessageContaining("begins with $")
                .hasMessageContaining("control character")
                .hasMessageContaining("303")
                .hasMessageContaining("type")
                .hasMessageContaining("content type")
                .hasMessageContaining("maxPayloadBytes")
                .hasMessageContaining(large.id().toString());
        assertThat(invalid.getMessage())
                .as("a message for people")
                .hasSizeLessThan(5_000)
                .doesNotContain("\n");
    }

    @Test
    default void a14_names_that_look_alike_are_different_streams(TckContext tck) {
        String base = tck.unique("Alike");
        List<String> names = new ArrayList<>();
        for (String end : List.of(
                "a", "A", "a ", "a  ", "\u00e9", "e\u0301", "E\u0301", "\u00c9", "a.", "a\u200b", "a\u00a0", "\u00df",
                "ss", "SS", "\ufb01", "fi", "i", "\u0131", "I", "\u0130", "1", "01", "1.0")) {
            names.add(base + end);
            names.add(end + base);
        }
        names.add(" " + base + "a");
        for (int i = 0; i < names.size(); i++) {
            StreamId stream = tck.ownStream(StreamId.of(names.get(i)));
            Refusals.written(tck.store().append(stream, noStream(), tck.events(1 + i % 3)), stream, 1, 1 + i % 3);
        }
        for (int i = 0; i < names.size(); i++) {
            assertThat(tck.store().version(StreamId.of(names.get(i))))
                    .as(names.get(i))
                    .isEqualTo(1 + i % 3);
        }
    }

    @Test
    default void a14_separators_of_keys_may_occur_in_names(TckContext tck) {
        String base = tck.unique("Sep");
        List<StreamId> streams = new ArrayList<>();
        for (char separator : "#%/|:\\.,;@!?*&=+~^'\"`-_ $()[]{}<>".toCharArray()) {
            for (String form : List.of("%s%c1", "%s%c%c1", "%s%c", "%s1%c", "%s%c1%c1")) {
                streams.add(StreamId.of(String.format(form, base, separator, separator)));
            }
        }
        streams.add(StreamId.of(base));
        streams.add(StreamId.of(base + "1"));
        List<StreamId> different = streams.stream().distinct().toList();
        for (StreamId stream : different) {
            tck.ownStream(stream);
            Refusals.written(tck.store().append(stream, noStream(), tck.event()), stream, 1, 1);
        }
        for (StreamId stream : different) {
            Refusals.written(tck.store().append(stream, exactly(1), tck.event()), stream, 2, 2);
            assertThat(tck.store().readStream(stream))
                    .hasSize(2)
                    .allMatch(event -> event.stream().equals(stream));
        }
    }

    /** Appends one event to a stream of each name, with many racers, and returns the names that were refused. */
    private static List<String> appendToEach(TckContext tck, List<StreamId> streams, EventStore store) {
        ConcurrentLinkedQueue<String> refused = new ConcurrentLinkedQueue<>();
        Rendezvous<Integer> race = tck.race();
        race.racers(8, racer -> () -> {
            for (int i = racer; i < streams.size(); i += 8) {
                String name = streams.get(i).name();
                EventData event = EventData.of("Hostile", "text/plain", Payload.of(bytes(name)));
                try {
                    assertThat(store.append(streams.get(i), noStream(), event).version())
                            .isEqualTo(1);
                } catch (InvalidAppend e) {
                    assertThat(e).hasMessageContaining("stream name");
                    refused.add(name);
                }
            }
            return racer;
        });
        race.run().allReturned();
        return List.copyOf(refused);
    }

    /** The characters of a text as bytes, unpaired surrogates too. */
    private static byte[] bytes(String text) {
        byte[] bytes = new byte[Math.min(400, text.length() * 2)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (text.charAt(i / 2) >> (i % 2 == 0 ? 8 : 0));
        }
        return bytes;
    }

    @Test
    default void a14_4_000_hostile_stream_names_are_refused_or_come_back_exactly(TckContext tck) {
        String end = tck.unique("");
        List<StreamId> streams = new ArrayList<>();
        for (String text : Hostile.texts(tck.random(), 4_000)) {
            boolean room = text.isBlank() || text.length() + end.length() > Hostile.MOST_CHARACTERS;
            streams.add(StreamId.of(room ? text : text + end));
        }
        List<StreamId> valid = streams.stream()
                .filter(stream -> Hostile.isStream(stream.name()))
                .filter(stream -> tck.store().version(stream) == 0)
                .toList();
        valid.forEach(tck::ownStream);
        List<StreamId> asked = new ArrayList<>(valid);
        streams.stream().filter(stream -> !Hostile.isStream(stream.name())).forEach(asked::add);
        List<String> refused = appendToEach(tck, asked, tck.store());
        assertThat(refused).allMatch(name -> !Hostile.isStream(name));
        assertThat(tck.appended().stream().map(RecordedEvent::stream).toList())
                .containsExactlyInAnyOrderElementsOf(valid);
        EventStore other = tck.another().store();
        for (StreamId stream : valid) {
            RecordedEvent event = other.readStream(stream).first().orElseThrow();
            assertThat(event.stream()).isEqualTo(stream);
            assertThat(event.payload().toByteArray()).as(stream.name()).isEqualTo(bytes(stream.name()));
        }
    }

    @Test
    default void a14_3_000_hostile_types_are_refused_or_come_back_exactly(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventData> written = new ArrayList<>();
        List<EventData> batch = new ArrayList<>();
        for (String text : Hostile.texts(tck.random(), 3_000)) {
            EventData event = tck.random().nextBoolean()
                    ? EventData.of(text, "text/plain", Payload.empty())
                    : EventData.of("Hostile", text, Payload.empty());
            if (!Hostile.isName(text)) {
                refused(tck, stream, event);
                continue;
            }
            batch.add(event);
            if (batch.size() == 50) {
                tck.store().append(stream, exactly(written.size()), batch);
                written.addAll(batch);
                batch.clear();
            }
        }
        List<RecordedEvent> read = tck.another().store().readStream(stream).toList();
        assertThat(read.stream().map(RecordedEvent::data).toList()).isEqualTo(written);
        for (EventData event : written.subList(0, 100)) {
            Filter filter = Filter.all().types(event.type());
            assertThat(LogReads.forwards(tck.backend(), tck.start(), filter, 100))
                    .as(event.type())
                    .isEqualTo(read.stream()
                            .filter(e -> e.type().equals(event.type()))
                            .toList());
        }
    }

    @Test
    default void a14_2_000_hostile_metadata_entries_are_refused_or_come_back_exactly(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventData> written = new ArrayList<>();
        List<EventData> batch = new ArrayList<>();
        List<String> texts = Hostile.texts(tck.random(), 2_000);
        for (String text : texts) {
            String value = text.length() > 1_000 ? "long" : text; // a valid name is a valid value
            EventData event = tck.event().withMetadata(Metadata.of(text, value).with("value", value));
            if (!Hostile.isName(text)) {
                refused(tck, stream, event);
                continue;
            }
            batch.add(event);
            if (batch.size() == 50) {
                tck.store().append(stream, exactly(written.size()), batch);
                written.addAll(batch);
                batch.clear();
            }
        }
        assertThat(tck.another().store().readStream(stream).stream()
                        .map(RecordedEvent::data)
                        .toList())
                .isEqualTo(written);
    }

    @Test
    default void a14_categories_and_prefixes_are_compared_exactly(TckContext tck) {
        String base = tck.unique("Cat");
        List<StreamId> streams = List.of(
                StreamId.of(base + "-1"),
                StreamId.of(base + " -1"),
                StreamId.of(base + "%-1"),
                StreamId.of(base + "_-1"),
                StreamId.of(base + "*-1"),
                StreamId.of(base + "x-1"),
                StreamId.of(base.toLowerCase(Locale.ROOT) + "-1"),
                StreamId.of(base));
        streams.forEach(stream -> tck.store().append(tck.ownStream(stream), noStream(), tck.event()));
        for (StreamId stream : streams) {
            List<StreamId> found = tck
                    .store()
                    .readAll(ReadOptions.all()
                            .after(tck.start())
                            .filter(Filter.all().categories(stream.category()).prefix(stream.name())))
                    .stream()
                    .map(RecordedEvent::stream)
                    .toList();
            assertThat(found)
                    .as(stream.name())
                    .isEqualTo(streams.stream()
                            .filter(other -> other.category().equals(stream.category()))
                            .filter(other -> other.name().startsWith(stream.name()))
                            .toList());
        }
    }
}
