package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Payload;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter R: reading one stream. Nested empty in a {@link TckHarness}; each test gets a log of its own choosing. */
@ExtendWith(TckExtension.class)
public class ReadStreamTck {

    /** For JUnit and for the nested class. */
    public ReadStreamTck() {}

    private static StreamId streamOf(TckContext tck, int events) {
        StreamId stream = tck.freshStream();
        List<EventData> all = tck.events(events);
        for (int i = 0; i < events; i += 10) {
            tck.store().append(stream, exactly(i), all.subList(i, Math.min(events, i + 10)));
        }
        return stream;
    }

    private static List<Long> versions(Iterable<RecordedEvent> events) {
        List<Long> versions = new ArrayList<>();
        events.forEach(event -> versions.add(event.version()));
        return versions;
    }

    private static List<Long> up(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Long> down(long from, long to) {
        return LongStream.iterate(from, v -> v >= to, v -> v - 1).boxed().toList();
    }

    @Test
    void r01_a_forward_read_begins_with_the_version_it_was_given(TckContext tck) {
        StreamId stream = streamOf(tck, 23);
        for (long from = 0; from <= 25; from++) {
            assertThat(versions(tck.store()
                            .readStream(stream, ReadOptions.stream().from(from).pageSize(5))))
                    .as("forwards from %s", from)
                    .isEqualTo(up(Math.max(1, from), 23));
        }
    }

    @Test
    void r01_a_backward_read_begins_with_the_version_it_was_given(TckContext tck) {
        StreamId stream = streamOf(tck, 23);
        for (long from = 0; from <= 25; from++) {
            assertThat(versions(tck.store()
                            .readStream(
                                    stream,
                                    ReadOptions.stream().backwards().from(from).pageSize(5))))
                    .as("backwards from %s", from)
                    .isEqualTo(down(Math.min(23, from), 1));
        }
    }

    @Test
    void r01_a_backward_read_from_the_end_is_the_exact_reverse(TckContext tck) {
        StreamId stream = streamOf(tck, 37);
        List<RecordedEvent> forwards = tck.store().readStream(stream).toList();
        List<RecordedEvent> backwards =
                tck.store().readStream(stream, ReadOptions.stream().backwards()).toList();
        assertThat(versions(forwards)).isEqualTo(up(1, 37));
        assertThat(new ArrayList<>(backwards))
                .isEqualTo(forwards.stream()
                        .sorted((one, other) -> Long.compare(other.version(), one.version()))
                        .toList());
    }

    @Test
    void r01_a_read_shows_its_stream_only(TckContext tck) {
        StreamId one = tck.freshStream();
        StreamId other = tck.ownStream(StreamId.of(one.name() + "1"));
        for (int i = 0; i < 5; i++) {
            tck.store().append(one, exactly(i), tck.event());
            tck.store().append(other, exactly(i), tck.event());
        }
        assertThat(tck.store().readStream(one))
                .hasSize(5)
                .allMatch(event -> event.stream().equals(one));
        assertThat(tck.store().readStream(other))
                .hasSize(5)
                .allMatch(event -> event.stream().equals(other));
    }

    @Test
    void r02_page_sizes_change_nothing(TckContext tck) {
        StreamId stream = streamOf(tck, 41);
        List<RecordedEvent> whole = tck.store().readStream(stream).toList();
        for (int page : new int[] {1, 2, 7, 41, 100}) {
            assertThat(tck.store()
                            .readStream(stream, ReadOptions.stream().pageSize(page))
                            .toList())
                    .as("pages of %s", page)
                    .isEqualTo(whole);
        }
    }

    @Test
    void r02_a_slice_has_no_more_events_than_asked_for(TckContext tck) {
        StreamId stream = streamOf(tck, 12);
        for (int most = 1; most <= 14; most++) {
            StreamSlice forwards = tck.backend().readStream(StreamRead.forwards(stream, 1, most));
            StreamSlice backwards = tck.backend().readStream(StreamRead.backwards(stream, Long.MAX_VALUE, most));
            assertThat(forwards.events()).hasSizeBetween(1, Math.min(12, most));
            assertThat(backwards.events()).hasSizeBetween(1, Math.min(12, most));
            assertThat(versions(forwards.events()))
                    .isEqualTo(up(1, forwards.events().size()));
            assertThat(versions(backwards.events()))
                    .isEqualTo(down(12, 13 - backwards.events().size()));
        }
    }

    @Test
    void r02_a_slice_says_whether_the_stream_ended_and_its_version(TckContext tck) {
        StreamId stream = streamOf(tck, 10);
        StreamSlice middle = tck.backend().readStream(StreamRead.forwards(stream, 3, 4));
        StreamSlice tail = tck.backend().readStream(StreamRead.forwards(stream, 10, 4));
        StreamSlice beyond = tck.backend().readStream(StreamRead.forwards(stream, 11, 4));
        StreamSlice first = tck.backend().readStream(StreamRead.backwards(stream, 1, 4));
        StreamSlice before = tck.backend().readStream(StreamRead.backwards(stream, 0, 4));
        assertThat(middle.endOfStream()).isFalse();
        assertThat(tail.endOfStream()).isTrue();
        assertThat(beyond.events()).isEmpty();
        assertThat(beyond.endOfStream()).isTrue();
        assertThat(first.endOfStream()).isTrue();
        assertThat(before.events()).isEmpty();
        assertThat(before.endOfStream()).isTrue();
        assertThat(List.of(middle, tail, beyond, first, before)).allMatch(slice -> slice.streamVersion() == 10);
    }

    @Test
    void r02_a_slice_begins_and_ends_anywhere_within_an_append(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<StreamId> neighbours = List.of(
                tck.ownStream(StreamId.of(stream.name() + "-")), tck.ownStream(StreamId.of(stream.name() + "1")));
        int last = 0;
        for (int size : new int[] {3, 1, 10, 2, 7}) {
            tck.store().append(stream, exactly(last), tck.events(size));
            neighbours.forEach(neighbour -> tck.store().append(neighbour, any(), tck.event()));
            last += size;
        }
        for (int from = 0; from <= last + 2; from++) {
            for (int most : new int[] {1, 2, 9, last, last + 1}) {
                requireSlice(tck, StreamRead.forwards(stream, from, most), up(Math.max(1, from), last), last);
                requireSlice(tck, StreamRead.backwards(stream, from, most), down(Math.min(last, from), 1), last);
            }
        }
        requireSlice(tck, new StreamRead(stream, Direction.FORWARDS, last - 1, 9, 1), up(last - 1, last), last);
        requireSlice(tck, new StreamRead(stream, Direction.BACKWARDS, 2, 9, 1), down(2, 1), last);
    }

    /** A slice may hold less than was asked for, but not nothing, and says no end where there is more. */
    private static void requireSlice(TckContext tck, StreamRead read, List<Long> left, int version) {
        StreamSlice slice = tck.backend().readStream(read);
        int count = slice.events().size();
        assertThat(count)
                .as("events of %s", read)
                .isBetween(Math.min(1, left.size()), Math.min(read.maxEvents(), left.size()));
        assertThat(versions(slice.events())).as("versions of %s", read).isEqualTo(left.subList(0, count));
        assertThat(slice.endOfStream()).as("end of %s", read).isEqualTo(count == left.size());
        assertThat(slice.streamVersion()).as("version after %s", read).isEqualTo(version);
    }

    @Test
    void r02_a_page_ends_where_its_bytes_are_used_up(TckContext tck) {
        StreamId stream = tck.freshStream();
        Payload kilobyte = Payload.of(new byte[1_000]);
        for (int i = 0; i < 6; i++) {
            tck.store().append(stream, exactly(i), EventData.of("Sized", "application/octet-stream", kilobyte));
        }
        StreamSlice one = tck.backend().readStream(new StreamRead(stream, Direction.FORWARDS, 1, 6, 1));
        StreamSlice some = tck.backend().readStream(new StreamRead(stream, Direction.FORWARDS, 1, 6, 2_500));
        assertThat(one.events()).as("at least one event, however few bytes").hasSize(1);
        assertThat(one.endOfStream()).isFalse();
        assertThat(some.events()).as("pages of 2,500 bytes").hasSizeBetween(1, 3);
        assertThat(LogReads.stream(tck.backend(), stream, 1, 6)).hasSize(6);
    }

    @Test
    void r02_a_limit_ends_the_read_exactly_there(TckContext tck) {
        StreamId stream = streamOf(tck, 20);
        for (int limit : new int[] {0, 1, 6, 7, 8, 20, 21}) {
            ReadOptions.OfStream options = ReadOptions.stream().limit(limit).pageSize(7);
            assertThat(versions(tck.store().readStream(stream, options))).isEqualTo(up(1, Math.min(20, limit)));
        }
        assertThatThrownBy(() -> ReadOptions.stream().pageSize(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void r03_a_stream_without_events_is_empty_with_version_0(TckContext tck) {
        StreamId stream = tck.freshStream();
        for (StreamRead read : List.of(
                StreamRead.forwards(stream, 1, 10),
                StreamRead.forwards(stream, 17, 10),
                StreamRead.backwards(stream, Long.MAX_VALUE, 10))) {
            StreamSlice slice = tck.backend().readStream(read);
            assertThat(slice.events()).isEmpty();
            assertThat(slice.endOfStream()).isTrue();
            assertThat(slice.streamVersion()).isZero();
        }
        assertThat(tck.store().version(stream)).isZero();
        assertThat(tck.store().readStream(stream).first()).isEmpty();
    }

    @Test
    void r03_reading_a_stream_does_not_make_it(TckContext tck) {
        StreamId stream = tck.freshStream();
        assertThat(tck.store().readStream(stream)).isEmpty();
        tck.store().append(stream, noStream(), tck.event());
        assertThat(tck.store().version(stream)).isEqualTo(1);
    }

    @Test
    @Tag("raced")
    void r04_a_read_after_the_acknowledgement_sees_the_append_from_another_handle(TckContext tck) {
        StreamId stream = tck.freshStream();
        EventStore other = tck.another().store();
        for (int i = 1; i <= tck.rounds(); i++) {
            EventData event = tck.event();
            tck.store().append(stream, any(), event);
            assertThat(other.readStream(stream, ReadOptions.stream().backwards())
                            .first())
                    .as("the last event, read through another handle")
                    .hasValueSatisfying(last -> assertThat(last.id()).isEqualTo(event.id()));
            assertThat(other.version(stream)).isEqualTo(i);
        }
    }

    @Test
    @Tag("raced")
    void r04_no_later_read_shows_less(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        AtomicLong acknowledged = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        Rendezvous<Object> race = tck.race();
        race.racers(2, writer -> () -> {
            for (int i = 0; i < tck.rounds() * 2; i++) {
                long version =
                        stores.get(writer).append(stream, any(), tck.event()).version();
                acknowledged.accumulateAndGet(version, Math::max);
            }
            return writer;
        });
        for (EventStore store : stores) {
            race.watcher(() -> {
                long least = Math.max(acknowledged.get(), seen.get());
                long version = store.version(stream);
                assertThat(version).as("what was acknowledged or seen before").isGreaterThanOrEqualTo(least);
                seen.accumulateAndGet(version, Math::max);
            });
        }
        race.run().allReturned();
        assertThat(tck.store().version(stream)).isEqualTo(tck.rounds() * 4L);
    }

    @Test
    void r05_a_long_read_holds_one_page_at_a_time(TckContext tck) {
        StreamId stream = tck.freshStream();
        int size = Math.min(200_000, tck.traits().limits().maxPayloadBytes());
        for (int i = 0; i < 12; i++) {
            Payload payload = Payload.of(new byte[size]);
            tck.store().append(stream, exactly(i), EventData.of("Large", "application/octet-stream", payload));
        }
        StreamSlice page = tck.backend().readStream(new StreamRead(stream, Direction.FORWARDS, 1, 12, 3L * size));
        assertThat(page.events()).as("a page that is bounded by bytes").hasSizeBetween(1, 3);
        Iterator<RecordedEvent> reading =
                tck.store().readStream(stream, ReadOptions.stream().pageSize(2)).iterator();
        reading.next();
        tck.store().append(stream, exactly(12), tck.event());
        int read = 1;
        for (; reading.hasNext(); reading.next()) {
            read++;
        }
        assertThat(read)
                .as("events, with one that was appended after the first page: a lazy read meets it")
                .isEqualTo(13);
    }
}
