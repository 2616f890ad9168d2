package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylog.Append;
import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.DuplicateEvent;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.InvalidAppend;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.tck.UnknownOutcomes.Moment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter I: partial duplicates (I-03), one id in several places (I-04), retries after unknown outcomes (I-05). */
interface DuplicateChecks {

    private static StreamId streamOf(TckContext tck, List<EventData> events) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), events);
        return stream;
    }

    /** The append is refused because of one of the stream's events. */
    private static void duplicate(TckContext tck, StreamId stream, Append append, EventData... there) {
        long version = tck.store().version(stream);
        DuplicateEvent duplicate = Refusals.duplicate(tck.store(), append);
        assertThat(duplicate.stream()).isEqualTo(stream);
        assertThat(List.of(there)).extracting(EventData::id).contains(duplicate.eventId());
        assertThat(duplicate)
                .hasMessageContaining(stream.name())
                .hasMessageContaining(duplicate.eventId().toString());
        assertThat(tck.store().version(stream))
                .as("the version after a refusal")
                .isEqualTo(version);
    }

    @Test
    @Tag("declared")
    default void i03_an_append_that_overlaps_where_it_would_stand_is_refused(TckContext tck) {
        List<EventData> e = tck.events(4);
        StreamId stream = streamOf(tck, e);
        EventData fresh = tck.event();
        duplicate(tck, stream, Append.to(stream, noStream(), e.get(0), fresh), e.get(0));
        duplicate(tck, stream, Append.to(stream, noStream(), fresh, e.get(1)), e.get(1));
        duplicate(tck, stream, Append.to(stream, exactly(1), e.get(1), fresh, e.get(2)), e.get(1), e.get(2));
        duplicate(tck, stream, Append.to(stream, exactly(2), fresh, e.get(3)), e.get(3));
        duplicate(tck, stream, Append.to(stream, exactly(3), e.get(3), fresh), e.get(3));
    }

    @Test
    @Tag("declared")
    default void i03_the_same_events_in_another_order_are_no_repeat(TckContext tck) {
        List<EventData> e = tck.events(3);
        StreamId stream = streamOf(tck, e);
        duplicate(
                tck, stream, Append.to(stream, noStream(), e.get(1), e.get(0), e.get(2)), e.toArray(EventData[]::new));
        duplicate(
                tck, stream, Append.to(stream, noStream(), e.get(2), e.get(1), e.get(0)), e.toArray(EventData[]::new));
    }

    @Test
    @Tag("declared")
    default void i03_a_repeat_that_goes_on_is_no_repeat(TckContext tck) {
        List<EventData> e = tck.events(2);
        StreamId stream = streamOf(tck, e);
        duplicate(tck, stream, Append.to(stream, noStream(), e.get(0), e.get(1), tck.event()), e.get(0), e.get(1));
    }

    /** Where events elsewhere in the stream are not noticed, versions decide alone. */
    private static void elsewhere(
            TckContext tck, StreamId stream, ExpectedVersion expected, List<EventData> events, EventData there) {
        Append append = Append.to(stream, expected, events);
        if (tck.traits().duplicateDetection() == DuplicateDetection.WHOLE_STREAM) {
            duplicate(tck, stream, append, there);
            return;
        }
        long version = tck.store().version(stream);
        if (expected.holdsFor(version)) {
            Refusals.written(tck.store().append(append), stream, version + 1, version + events.size());
        } else {
            Refusals.conflict(tck.store(), append, stream, expected, version);
        }
    }

    @Test
    @Tag("declared")
    default void i03_an_event_that_stands_elsewhere_is_refused_as_declared(TckContext tck) {
        List<EventData> e = tck.events(4);
        elsewhere(tck, streamOf(tck, e), exactly(4), List.of(e.get(0), tck.event()), e.get(0));
        elsewhere(tck, streamOf(tck, e), exactly(4), List.of(tck.event(), e.get(3)), e.get(3));
        elsewhere(tck, streamOf(tck, e), exactly(3), List.of(tck.event(), e.get(0)), e.get(0));
        elsewhere(tck, streamOf(tck, e), exactly(9), List.of(tck.event(), e.get(2)), e.get(2));
    }

    @Test
    @Tag("declared")
    default void i03_with_any_an_event_that_stands_there_is_refused_as_declared(TckContext tck) {
        List<EventData> e = tck.events(3);
        StreamId stream = streamOf(tck, e);
        tck.store().append(stream, exactly(3), tck.events(5));
        elsewhere(tck, stream, any(), List.of(e.get(1), tck.event()), e.get(1));
    }

    @Test
    @Tag("declared")
    default void i03_a_duplicate_in_one_stream_keeps_all_streams_unwritten(TckContext tck) {
        List<EventData> e = tck.events(2);
        StreamId there = streamOf(tck, e);
        StreamId other = tck.freshStream();
        Append append = Append.to(other, noStream(), tck.event()).and(there, noStream(), e.get(0), tck.event());
        if (tck.traits().multiStreamAppend()) {
            duplicate(tck, there, append, e.get(0));
        } else {
            Refusals.unsupported(tck.store(), append, "maxStreamsPerAppend");
        }
        assertThat(tck.store().version(other)).isZero();
    }

    @Test
    @Tag("declared")
    default void i03_half_of_an_append_to_two_streams_is_no_repeat(TckContext tck) {
        StreamId one = tck.freshStream();
        List<EventData> e = tck.events(2);
        tck.store().append(one, noStream(), e.get(0));
        StreamId other = tck.freshStream();
        Append append = Append.to(one, noStream(), e.get(0)).and(other, noStream(), e.get(1));
        if (tck.traits().multiStreamAppend()) {
            duplicate(tck, one, append, e.get(0));
        } else {
            Refusals.unsupported(tck.store(), append, "maxStreamsPerAppend");
        }
        assertThat(tck.store().version(other)).isZero();
    }

    @Test
    default void i04_the_same_id_in_two_streams_means_nothing(TckContext tck) {
        EventData event = tck.event();
        List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream(), tck.freshStream());
        List<ExpectedVersion> expectations = List.of(noStream(), any(), exactly(0));
        for (int i = 0; i < 3; i++) {
            Refusals.written(tck.store().append(streams.get(i), expectations.get(i), event), streams.get(i), 1, 1);
        }
        for (StreamId stream : streams) {
            assertThat(tck.store().readStream(stream).stream().map(RecordedEvent::id))
                    .containsExactly(event.id());
        }
    }

    @Test
    default void i04_the_same_id_twice_in_one_append_to_one_stream_is_refused(TckContext tck) {
        StreamId stream = tck.freshStream();
        EventData event = tck.event();
        EventData sameId = EventData.json("Other", "{}").withId(event.id());
        InvalidAppend invalid =
                Refusals.invalid(tck.store(), Append.to(stream, noStream(), event, tck.event(), sameId));
        assertThat(invalid).hasMessageContaining(event.id().toString());
        assertThat(tck.store().version(stream)).isZero();
    }

    @Test
    default void i04_the_same_id_in_two_streams_of_one_append_is_allowed(TckContext tck) {
        EventData event = tck.event();
        StreamId one = tck.freshStream();
        StreamId other = tck.freshStream();
        Append append = Append.to(one, noStream(), event).and(other, noStream(), event);
        if (tck.traits().multiStreamAppend()) {
            assertThat(tck.store().append(append).streams())
                    .containsExactly(new AppendResult.Written(one, 1, 1), new AppendResult.Written(other, 1, 1));
        } else {
            Refusals.unsupported(tck.store(), append, "maxStreamsPerAppend");
        }
    }

    /** Loses the append's answer, then sends it again, and requires that its events are there once. */
    private static void retry(TckContext tck, Moment moment, int existing, ExpectedVersion expected, boolean resolve) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = existing == 0 ? tck.freshStream() : streamOf(tck, tck.events(existing));
        Append append = Append.to(stream, expected, tck.events(3));
        faults.loseNextAnswer(moment);
        AppendOutcomeUnknown unknown = catchThrowableOfType(
                AppendOutcomeUnknown.class, () -> faults.store().append(append));
        assertThat(unknown).isNotNull();
        if (resolve) {
            assertThat(unknown.resolve().isPresent()).isEqualTo(moment == Moment.AFTER_COMMIT);
        }
        AppendResult result = faults.store().append(append);
        assertThat(result.repeated()).isEqualTo(moment == Moment.AFTER_COMMIT);
        assertThat(result.streams()).containsExactly(new AppendResult.Written(stream, existing + 1L, existing + 3L));
        faults.deliverLate();
        assertThat(tck.store().version(stream))
                .as("after retry and late arrival")
                .isEqualTo(existing + 3L);
        assertThat(unknown.resolve().map(AppendResult::streams))
                .as("what became of the append in doubt")
                .isIn(Optional.of(result.streams()), Optional.empty());
    }

    @Test
    default void i05_a_retry_after_an_unknown_outcome_leaves_the_events_once(TckContext tck) {
        for (Moment moment : Moment.values()) {
            retry(tck, moment, 0, noStream(), false);
            retry(tck, moment, 4, exactly(4), false);
            retry(tck, moment, 0, any(), false);
            retry(tck, moment, 4, any(), false);
            retry(tck, moment, 4, ExpectedVersion.streamExists(), false);
        }
    }

    @Test
    default void i05_resolving_before_the_retry_changes_nothing(TckContext tck) {
        for (Moment moment : Moment.values()) {
            retry(tck, moment, 0, noStream(), true);
            retry(tck, moment, 2, exactly(2), true);
            retry(tck, moment, 2, any(), true);
        }
    }

    @Test
    default void i05_a_retry_after_others_have_appended_finds_its_events(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        Append append = Append.to(stream, noStream(), tck.events(2));
        faults.loseNextAnswer(Moment.AFTER_COMMIT);
        AppendOutcomeUnknown unknown = catchThrowableOfType(
                AppendOutcomeUnknown.class, () -> faults.store().append(append));
        assertThat(unknown).isNotNull();
        tck.store().append(stream, exactly(2), tck.events(3));
        AppendResult result = tck.another().store().append(append);
        assertThat(result.repeated()).isTrue();
        assertThat(result.streams()).containsExactly(new AppendResult.Written(stream, 1, 2));
        assertThat(tck.store().version(stream)).isEqualTo(5);
    }
}
