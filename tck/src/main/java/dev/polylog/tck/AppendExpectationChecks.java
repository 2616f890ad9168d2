package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static dev.polylog.ExpectedVersion.streamExists;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Append;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.VersionConflict;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter A: expectations, races for a version, expectations on streams that are not written. */
interface AppendExpectationChecks {

    /** A stream of that many events, each appended on its own. */
    private static StreamId streamOf(TckContext tck, int events) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < events; i++) {
            tck.store().append(stream, exactly(i), tck.event());
        }
        return stream;
    }

    private static void expect(TckContext tck, int existing, ExpectedVersion expected, boolean holds) {
        StreamId stream = streamOf(tck, existing);
        Append append = Append.to(stream, expected, tck.events(2));
        if (holds) {
            Refusals.written(tck.store().append(append), stream, existing + 1L, existing + 2L);
            assertThat(tck.store().version(stream)).isEqualTo(existing + 2L);
        } else {
            Refusals.conflict(tck.store(), append, stream, expected, existing);
        }
    }

    @Test
    default void a03_on_a_new_stream_only_any_and_no_stream_hold(TckContext tck) {
        expect(tck, 0, any(), true);
        expect(tck, 0, noStream(), true);
        expect(tck, 0, streamExists(), false);
        expect(tck, 0, exactly(1), false);
        expect(tck, 0, exactly(Long.MAX_VALUE), false);
    }

    @Test
    default void a03_on_an_existing_stream_all_but_no_stream_and_other_versions_hold(TckContext tck) {
        for (int existing : new int[] {1, 2, 3, 10, 11}) {
            expect(tck, existing, any(), true);
            expect(tck, existing, streamExists(), true);
            expect(tck, existing, exactly(existing), true);
            expect(tck, existing, noStream(), false);
            expect(tck, existing, exactly(existing + 1L), false);
        }
    }

    @Test
    default void a03_exactly_0_equals_no_stream(TckContext tck) {
        expect(tck, 0, exactly(0), true);
        expect(tck, 1, exactly(0), false);
        assertThat(exactly(0)).isEqualTo(noStream());
    }

    @Test
    default void a03_a_stale_expected_version_writes_nothing(TckContext tck) {
        StreamId stream = streamOf(tck, 12);
        List<RecordedEvent> before = tck.store().readStream(stream).toList();
        for (int stale = 0; stale < 12; stale++) {
            Append append = Append.to(stream, exactly(stale), tck.events(3));
            Refusals.conflict(tck.store(), append, stream, exactly(stale), 12);
        }
        assertThat(tck.store().readStream(stream).toList()).isEqualTo(before);
        assertThat(tck.appended()).isEqualTo(before);
    }

    @Test
    default void a03_a_version_ahead_of_the_stream_is_a_conflict(TckContext tck) {
        StreamId stream = streamOf(tck, 2);
        for (long ahead : new long[] {3, 4, 255, 256, 65_536, Integer.MAX_VALUE + 1L, Long.MAX_VALUE}) {
            Append append = Append.to(stream, exactly(ahead), tck.event());
            Refusals.conflict(tck.store(), append, stream, exactly(ahead), 2);
        }
    }

    @Test
    default void a03_refused_events_may_be_appended_later(TckContext tck) {
        StreamId stream = streamOf(tck, 1);
        List<EventData> events = tck.events(2);
        Refusals.conflict(tck.store(), Append.to(stream, noStream(), events), stream, noStream(), 1);
        Refusals.conflict(tck.store(), Append.to(stream, exactly(5), events), stream, exactly(5), 1);
        Refusals.written(tck.store().append(stream, exactly(1), events), stream, 2, 3);
    }

    @Test
    default void a03_what_another_handle_wrote_counts(TckContext tck) {
        StreamId stream = streamOf(tck, 1);
        EventStore other = tck.another().store();
        other.append(stream, exactly(1), tck.event());
        Refusals.conflict(tck.store(), Append.to(stream, exactly(1), tck.event()), stream, exactly(1), 2);
        Refusals.written(tck.store().append(stream, exactly(2), tck.event()), stream, 3, 3);
        Refusals.conflict(other, Append.to(stream, exactly(2), tck.event()), stream, exactly(2), 3);
    }

    @Test
    @Tag("raced")
    default void a03_any_never_conflicts_however_many_write(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        Rendezvous<Long> race = tck.race();
        race.racers(
                16,
                i -> () -> stores.get(i % 2).append(stream, any(), tck.event()).version());
        assertThat(race.run().allReturned()).doesNotHaveDuplicates().hasSize(16);
        assertThat(tck.store().version(stream)).isEqualTo(16);
    }

    /** Has eight racers append with the same expectation, through two handles, and returns how many won. */
    private static long winners(TckContext tck, List<EventStore> stores, StreamId stream, long version) {
        Rendezvous<AppendResult> race = tck.race();
        race.racers(8, i -> () -> stores.get(i % 2).append(stream, exactly(version), tck.event()));
        Rendezvous.Outcomes<AppendResult> outcomes = race.run();
        assertThat(outcomes.failures()).allSatisfy(failure -> {
            assertThat(failure).isInstanceOf(VersionConflict.class);
            assertThat(((VersionConflict) failure).actual()).isEqualTo(version + 1);
        });
        assertThat(tck.store().version(stream)).isEqualTo(version + 1);
        return outcomes.values().size();
    }

    @Test
    @Tag("raced")
    default void a04_of_many_who_expect_no_stream_exactly_one_succeeds(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        for (int round = 0; round < tck.rounds(); round++) {
            assertThat(winners(tck, stores, tck.freshStream(), 0)).isEqualTo(1);
        }
    }

    @Test
    @Tag("raced")
    default void a04_of_many_who_expect_the_same_version_exactly_one_succeeds(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        StreamId stream = tck.freshStream();
        for (int round = 0; round < tck.rounds(); round++) {
            assertThat(winners(tck, stores, stream, round)).isEqualTo(1);
        }
    }

    @Test
    @Tag("raced")
    default void a04_reading_deciding_and_appending_loses_no_update(TckContext tck) {
        StreamId counter = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        int each = tck.rounds();
        Rendezvous<Integer> race = tck.race();
        race.racers(4, i -> () -> {
            for (int done = 0; done < each; ) {
                done += increment(stores.get(i % 2), counter) ? 1 : 0;
            }
            return each;
        });
        race.run().allReturned();
        List<RecordedEvent> events = tck.store().readStream(counter).toList();
        assertThat(events).hasSize(4 * each);
        assertThat(events)
                .allSatisfy(event -> assertThat(event.payload().asUtf8()).isEqualTo("" + event.version()));
    }

    private static boolean increment(EventStore store, StreamId counter) {
        RecordedEvent last = store.readStream(counter, ReadOptions.stream().backwards())
                .first()
                .orElse(null);
        long version = last == null ? 0 : last.version();
        long value = last == null ? 0 : Long.parseLong(last.payload().asUtf8());
        try {
            store.append(
                    counter, exactly(version), EventData.of("Counted", "text/plain", Payload.utf8("" + (value + 1))));
            return true;
        } catch (VersionConflict e) {
            return false; // somebody else was quicker: read and decide again
        }
    }

    @Test
    @Tag("declared")
    default void a11_an_expectation_on_a_stream_that_is_not_written_counts_or_is_refused(TckContext tck) {
        StreamId guard = streamOf(tck, 2);
        StreamId stream = tck.freshStream();
        Append holds = Append.to(stream, noStream(), tck.event()).expecting(guard, exactly(2));
        Append fails = Append.to(stream, any(), tck.event()).expecting(guard, exactly(1));
        if (tck.traits().unwrittenExpectations()) {
            assertThat(tck.store().append(holds).streams()).containsExactly(new AppendResult.Written(stream, 1, 1));
            Refusals.conflict(tck.store(), fails, guard, exactly(1), 2);
        } else {
            Refusals.unsupported(tck.store(), holds, "unwrittenExpectations");
            Refusals.unsupported(tck.store(), fails, "unwrittenExpectations");
        }
        assertThat(tck.store().version(guard)).isEqualTo(2);
        assertThat(tck.store().version(stream)).isEqualTo(tck.traits().unwrittenExpectations() ? 1 : 0);
    }

    @Test
    @Tag("declared")
    default void a11_each_kind_of_expectation_on_an_unwritten_stream_holds_or_conflicts(TckContext tck) {
        StreamId there = streamOf(tck, 3);
        StreamId missing = tck.freshStream();
        for (ExpectedVersion expected : List.of(any(), noStream(), streamExists(), exactly(3), exactly(4))) {
            for (StreamId guard : List.of(there, missing)) {
                long actual = guard.equals(there) ? 3 : 0;
                StreamId stream = tck.freshStream();
                Append append = Append.to(stream, noStream(), tck.event()).expecting(guard, expected);
                if (!tck.traits().unwrittenExpectations()) {
                    Refusals.unsupported(tck.store(), append, "unwrittenExpectations");
                } else if (expected.holdsFor(actual)) {
                    assertThat(tck.store().append(append).version()).isEqualTo(1);
                } else {
                    Refusals.conflict(tck.store(), append, guard, expected, actual);
                    assertThat(tck.store().version(stream)).isZero();
                }
            }
        }
    }

    @Test
    @Tag("declared")
    @Tag("raced")
    default void a11_two_appends_that_forbid_each_other_do_not_both_succeed(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        for (int round = 0; round < tck.rounds(); round++) {
            List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream());
            Rendezvous<AppendResult> race = tck.race();
            race.racers(
                    2,
                    i -> () -> stores.get(i)
                            .append(Append.to(streams.get(i), noStream(), tck.event())
                                    .expecting(streams.get(1 - i), noStream())));
            Rendezvous.Outcomes<AppendResult> outcomes = race.run();
            if (tck.traits().unwrittenExpectations()) {
                assertThat(outcomes.values()).as("appends that succeeded").hasSize(1);
                assertThat(outcomes.failures()).hasOnlyElementsOfType(VersionConflict.class);
            } else {
                assertThat(outcomes.failures()).hasSize(2).hasOnlyElementsOfType(UnsupportedByStore.class);
            }
        }
    }
}
