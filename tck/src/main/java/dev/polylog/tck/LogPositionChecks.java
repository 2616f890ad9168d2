package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.Direction;
import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.Watermark;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.tck.UnknownOutcomes.Moment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chapter G: where reads begin (G-03), positions as text (G-07), how far one can see (G-08). */
interface LogPositionChecks {

    private static List<RecordedEvent> some(TckContext tck) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < 24; i += 3) {
            tck.store().append(stream, exactly(i), tck.events(3));
            tck.store().append(tck.freshStream(), noStream(), tck.event());
        }
        return tck.appended();
    }

    /** The position itself and its neighbours, which events may have or not. */
    private static List<Position> around(Position position) {
        List<Position> around = new ArrayList<>(List.of(position));
        if (position.low() != 0) {
            around.add(new Position(position.high(), position.low() - 1));
        }
        if (position.low() != -1) {
            around.add(new Position(position.high(), position.low() + 1));
        }
        return around;
    }

    @Test
    default void g03_a_forward_read_begins_after_any_position_whether_an_event_has_it_or_not(TckContext tck) {
        List<RecordedEvent> log = some(tck);
        for (RecordedEvent event : log) {
            for (Position bound : around(event.position())) {
                List<RecordedEvent> expected = log.stream()
                        .filter(other -> other.position().isAfter(bound))
                        .toList();
                List<RecordedEvent> read = LogReads.forwards(tck.backend(), bound, 10).stream()
                        .filter(other -> other.position().isAfter(tck.start()))
                        .toList();
                assertThat(read).as("after %s", bound).isEqualTo(expected);
            }
        }
    }

    @Test
    default void g03_a_backward_read_begins_before_any_position_whether_an_event_has_it_or_not(TckContext tck) {
        List<RecordedEvent> log = some(tck);
        Collections.reverse(log);
        for (RecordedEvent event : log) {
            for (Position bound : around(event.position())) {
                List<RecordedEvent> expected = log.stream()
                        .filter(other -> bound.isAfter(other.position()))
                        .toList();
                List<RecordedEvent> read = tck.store()
                        .readAll(ReadOptions.all().before(bound).pageSize(7).limit(expected.size()))
                        .toList();
                assertThat(read).as("before %s", bound).isEqualTo(expected);
            }
        }
    }

    @Test
    default void g03_a_read_after_the_head_is_empty_and_then_sees_the_next_append(TckContext tck) {
        some(tck);
        for (int i = 0; i < 10; i++) {
            Position head = tck.store().watermark().position();
            LogSlice none = tck.backend().readAll(LogRead.after(head, 10));
            assertThat(none.events()).isEmpty();
            assertThat(none.atHead()).isTrue();
            tck.store().append(tck.freshStream(), noStream(), tck.events(2));
            assertThat(tck.store().readAll(ReadOptions.all().after(head))).hasSize(2);
            assertThat(tck.store().readAll(ReadOptions.all().after(none.lookedUpTo())))
                    .hasSize(2);
        }
    }

    @Test
    default void g03_a_position_beyond_the_head_is_a_place_to_begin(TckContext tck) {
        some(tck);
        Position beyond = new Position(-1, -2);
        LogSlice none = tck.backend().readAll(LogRead.after(beyond, 10));
        assertThat(none.events()).isEmpty();
        assertThat(none.atHead()).isTrue();
        LogSlice last =
                tck.backend().readAll(new LogRead(Direction.BACKWARDS, beyond, Filter.all(), 1, Long.MAX_VALUE));
        assertThat(last.events()).hasSize(1);
        assertThat(tck.store().readAll(ReadOptions.all().after(Position.END))).isEmpty();
    }

    @Test
    default void g03_page_sizes_change_nothing(TckContext tck) {
        List<RecordedEvent> log = some(tck);
        for (int page : new int[] {1, 2, 7, 100, 10_000}) {
            assertThat(tck.store()
                            .readAll(ReadOptions.all().after(tck.start()).pageSize(page))
                            .toList())
                    .as("pages of %s", page)
                    .isEqualTo(log);
        }
    }

    @Test
    default void g03_reading_from_the_start_and_from_the_end_meet(TckContext tck) {
        tck.store().append(tck.freshStream(), noStream(), tck.events(3));
        List<RecordedEvent> forwards = LogReads.forwards(tck.backend(), Position.START, 500);
        List<RecordedEvent> backwards = LogReads.backwards(tck.backend(), Position.START, 300);
        Collections.reverse(backwards);
        assertThat(forwards).isNotEmpty().isEqualTo(backwards);
    }

    @Test
    default void g03_a_page_ends_where_its_bytes_are_used_up(TckContext tck) {
        some(tck);
        Position position = tck.start();
        List<RecordedEvent> collected = new ArrayList<>();
        LogSlice slice;
        do {
            slice = tck.backend().readAll(new LogRead(Direction.FORWARDS, position, Filter.all(), 100, 1));
            assertThat(slice.events()).as("at most one event fills one byte").hasSizeLessThanOrEqualTo(1);
            collected.addAll(slice.events());
            position = slice.lookedUpTo();
        } while (!slice.atHead());
        assertThat(collected).isEqualTo(tck.appended());
    }

    @Test
    default void g07_positions_mean_the_same_after_their_text_form_and_through_another_handle(TckContext tck) {
        List<RecordedEvent> log = some(tck);
        EventStore other = tck.another().store();
        for (int i = 0; i < log.size(); i++) {
            Position position = Position.parse(log.get(i).position().toString());
            assertThat(position).isEqualTo(log.get(i).position());
            assertThat(other.readAll(ReadOptions.all().after(position)).toList())
                    .isEqualTo(log.subList(i + 1, log.size()));
        }
    }

    @Test
    default void g07_positions_survive_reopening_as_long_as_the_log_does(TckContext tck) {
        List<RecordedEvent> log = some(tck);
        List<String> checkpoints =
                log.stream().map(event -> event.position().toString()).toList();
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        tck.restart();
        for (int i = 0; i < log.size(); i++) {
            List<RecordedEvent> read = tck.store()
                    .readAll(ReadOptions.all().after(Position.parse(checkpoints.get(i))))
                    .toList();
            assertThat(read).isEqualTo(forgets ? List.of() : log.subList(i + 1, log.size()));
        }
    }

    @Test
    default void g08_the_watermark_of_an_idle_log_is_its_head(TckContext tck) {
        for (int i = 0; i < 5; i++) {
            Position position =
                    tck.store().append(tck.freshStream(), any(), tck.events(2)).position();
            for (EventStore store : List.of(tck.store(), tck.another().store())) {
                Watermark watermark = store.watermark();
                assertThat(watermark.position()).isEqualTo(position);
                assertThat(watermark.head()).isEqualTo(position);
                assertThat(watermark.isHeld()).isFalse();
                assertThat(watermark.reason()).isEmpty();
            }
        }
    }

    @Test
    default void g08_a_writer_that_vanished_holds_the_log_for_no_longer_than_declared(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        faults.loseNextAnswer(Moment.IN_FLIGHT);
        assertThat(catchThrowable(() -> faults.store().append(tck.freshStream(), noStream(), tck.events(2))))
                .isInstanceOf(AppendOutcomeUnknown.class);
        Position position =
                tck.store().append(tck.freshStream(), noStream(), tck.event()).position();
        if (tck.traits().holdBound().isZero()) {
            assertThat(tck.store().watermark().position())
                    .as("nothing ever holds it")
                    .isEqualTo(position);
        } else {
            Duration bound = tck.traits().holdBound();
            assertThat(bound).as("the declared bound").isLessThanOrEqualTo(tck.patience());
            tck.eventually("the watermark passed the vanished writer", () -> {
                Watermark watermark = tck.store().watermark();
                assertThat(watermark.isHeld()).isEqualTo(!watermark.reason().isEmpty());
                return !position.isAfter(watermark.position());
            });
        }
        assertThat(tck.appended()).hasSizeGreaterThanOrEqualTo(1);
    }
}
