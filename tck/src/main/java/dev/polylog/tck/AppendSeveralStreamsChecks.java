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
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.VersionConflict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter A: appends to several streams, which a store does whole or refuses. */
interface AppendSeveralStreamsChecks {

    private static boolean refused(TckContext tck, Append append) {
        if (tck.traits().multiStreamAppend()) {
            return false;
        }
        Refusals.unsupported(tck.store(), append, "maxStreamsPerAppend");
        return true;
    }

    @Test
    @Tag("declared")
    default void a10_an_append_to_three_streams_writes_all_or_is_refused(TckContext tck) {
        List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream(), tck.freshStream());
        tck.store().append(streams.get(1), noStream(), tck.events(4));
        List<EventData> events = tck.events(6);
        Append append = Append.to(streams.get(0), noStream(), events.subList(0, 1))
                .and(streams.get(1), exactly(4), events.subList(1, 3))
                .and(streams.get(2), any(), events.subList(3, 6));
        if (refused(tck, append)) {
            assertThat(tck.store().version(streams.get(1))).isEqualTo(4);
            return;
        }
        AppendResult result = tck.store().append(append);
        assertThat(result.streams())
                .containsExactly(
                        new AppendResult.Written(streams.get(0), 1, 1),
                        new AppendResult.Written(streams.get(1), 5, 6),
                        new AppendResult.Written(streams.get(2), 1, 3));
        List<RecordedEvent> log = tck.appended();
        assertThat(log.subList(4, 10).stream().map(RecordedEvent::data).toList())
                .isEqualTo(events);
        assertThat(log.get(9).position()).isEqualTo(result.position());
    }

    @Test
    @Tag("declared")
    default void a10_one_conflict_keeps_all_streams_unwritten(TckContext tck) {
        StreamId there = tck.freshStream();
        tck.store().append(there, noStream(), tck.events(2));
        for (int wrong = 0; wrong < 3; wrong++) {
            List<StreamId> streams = new ArrayList<>(List.of(tck.freshStream(), tck.freshStream()));
            streams.add(wrong, there);
            Append append = Append.to(streams.get(0), expected(wrong == 0), tck.event())
                    .and(streams.get(1), expected(wrong == 1), tck.event())
                    .and(streams.get(2), expected(wrong == 2), tck.event());
            if (!refused(tck, append)) {
                Refusals.conflict(tck.store(), append, there, exactly(1), 2);
            }
            streams.remove(there);
            assertThat(streams).allMatch(stream -> tck.store().version(stream) == 0);
        }
    }

    private static ExpectedVersion expected(boolean wrong) {
        return wrong ? exactly(1) : noStream();
    }

    @Test
    @Tag("declared")
    default void a10_the_first_expectation_that_fails_is_reported(TckContext tck) {
        StreamId one = tck.freshStream();
        StreamId other = tck.freshStream();
        Append append = Append.to(one, streamExists(), tck.event()).and(other, exactly(7), tck.event());
        if (!refused(tck, append)) {
            Refusals.conflict(tck.store(), append, one, streamExists(), 0);
        }
        assertThat(tck.store().version(other)).isZero();
    }

    @Test
    @Tag("declared")
    default void a10_as_many_streams_as_declared_and_not_one_more(TckContext tck) {
        int most = Math.min(
                tck.traits().limits().maxStreamsPerAppend(),
                tck.traits().limits().maxEventsPerAppend());
        assertThat(most).as("a limit that can be tried").isLessThanOrEqualTo(10_000);
        Append exact = Append.to(tck.freshStream(), noStream(), tck.event());
        for (int i = 1; i < most; i++) {
            exact = exact.and(tck.freshStream(), noStream(), tck.event());
        }
        assertThat(tck.store().append(exact).streams()).hasSize(most);
        Append beyond = Append.to(tck.freshStream(), noStream(), tck.event());
        for (int i = 0; i < most; i++) {
            beyond = beyond.and(tck.freshStream(), noStream(), tck.event());
        }
        if (!refused(tck, beyond)) {
            assertThat(Refusals.invalid(tck.store(), beyond)).hasMessageContaining(String.valueOf(most + 1));
        }
    }

    @Test
    @Tag("declared")
    @Tag("raced")
    default void a10_racing_for_two_streams_in_opposite_orders_has_one_winner_each_time(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream());
        for (int round = 0; round < tck.rounds(); round++) {
            int version = round;
            Rendezvous<AppendResult> race = tck.race();
            race.racers(
                    4,
                    i -> () -> stores.get(i % 2)
                            .append(Append.to(streams.get(i % 2), exactly(version), tck.event())
                                    .and(streams.get(1 - i % 2), exactly(version), tck.event())));
            Rendezvous.Outcomes<AppendResult> outcomes = race.run();
            if (tck.traits().multiStreamAppend()) {
                assertThat(outcomes.values()).as("winners of round %s", round).hasSize(1);
                assertThat(outcomes.failures()).hasOnlyElementsOfType(VersionConflict.class);
            } else {
                assertThat(outcomes.failures()).hasSize(4).hasOnlyElementsOfType(UnsupportedByStore.class);
            }
        }
        long expected = tck.traits().multiStreamAppend() ? tck.rounds() : 0;
        assertThat(streams).allMatch(stream -> tck.store().version(stream) == expected);
    }
}
