package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static dev.polylog.ExpectedVersion.streamExists;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.polylog.Append;
import dev.polylog.AppendResult;
import dev.polylog.DuplicateEvent;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter I: exact repeats (I-01, I-02), looked at before versions (I-06). */
interface RepeatChecks {

    /** An append with a first answer. */
    record Done(StreamId stream, Append append, AppendResult result) {}

    /** Appends to a stream that has some events already. */
    private static Done done(TckContext tck, int existing, ExpectedVersion expected, int events) {
        StreamId stream = tck.freshStream();
        for (int i = 0; i < existing; i++) {
            tck.store().append(stream, exactly(i), tck.event());
        }
        Append append = Append.to(stream, expected, tck.events(events));
        AppendResult result = tck.store().append(append);
        Refusals.written(result, stream, existing + 1L, existing + events);
        return new Done(stream, append, result);
    }

    /** One append with each exact expectation, of one event and of several. */
    private static List<Done> exact(TckContext tck) {
        return List.of(
                done(tck, 0, noStream(), 1),
                done(tck, 0, noStream(), 5),
                done(tck, 0, exactly(0), 2),
                done(tck, 1, exactly(1), 1),
                done(tck, 3, exactly(3), 4),
                done(tck, 12, exactly(12), 20));
    }

    private static void repeat(EventStore store, Done done) {
        long before = store.version(done.stream());
        Refusals.repeats(store.append(done.append()), done.result());
        assertThat(store.version(done.stream()))
                .as("the version after a repeat")
                .isEqualTo(before);
    }

    @Test
    default void i01_an_exact_repeat_returns_the_first_result(TckContext tck) {
        for (Done done : exact(tck)) {
            for (int i = 0; i < 3; i++) {
                repeat(tck.store(), done);
            }
        }
    }

    @Test
    default void i01_a_repeat_through_another_handle_is_recognised(TckContext tck) {
        List<Done> appends = exact(tck);
        EventStore other = tck.another().store();
        appends.forEach(done -> repeat(other, done));
    }

    @Test
    default void i01_a_repeat_after_other_appends_is_recognised(TckContext tck) {
        List<Done> appends = exact(tck);
        for (int i = 0; i < 30; i++) {
            for (Done done : appends) {
                tck.store().append(done.stream(), any(), tck.events(1 + i % 4));
            }
        }
        appends.forEach(done -> repeat(tck.store(), done));
        EventStore other = tck.another().store();
        appends.forEach(done -> repeat(other, done));
    }

    @Test
    default void i01_a_repeat_after_a_restart_is_recognised_unless_the_store_is_volatile(TckContext tck) {
        List<Done> appends = exact(tck);
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        tck.restart();
        for (Done done : appends) {
            if (!forgets) {
                repeat(tck.store(), done);
            } else if (done.result().streams().get(0).firstVersion() == 1) {
                tck.ownStream(done.stream());
                assertThat(tck.store().append(done.append()).repeated()).isFalse();
            } else {
                ExpectedVersion expected = done.append().parts().get(0).expected();
                Refusals.conflict(tck.store(), done.append(), done.stream(), expected, 0);
            }
        }
    }

    @Test
    default void i01_a_repeat_of_an_append_to_several_streams_is_recognised(TckContext tck) {
        StreamId one = tck.freshStream();
        StreamId other = tck.freshStream();
        tck.store().append(other, noStream(), tck.events(3));
        Append append = Append.to(one, noStream(), tck.events(2)).and(other, exactly(3), tck.events(2));
        if (!tck.traits().multiStreamAppend()) {
            Refusals.unsupported(tck.store(), append, "maxStreamsPerAppend");
            return;
        }
        AppendResult first = tck.store().append(append);
        Refusals.repeats(tck.store().append(append), first);
        tck.store().append(one, exactly(2), tck.events(7));
        tck.store().append(other, exactly(5), tck.events(1));
        Refusals.repeats(tck.store().append(append), first);
        Refusals.repeats(tck.another().store().append(append), first);
    }

    @Test
    @Tag("raced")
    default void i01_of_many_who_send_the_same_append_one_writes_and_all_get_its_result(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        for (int round = 0; round < tck.rounds(); round++) {
            StreamId stream = tck.freshStream();
            if (round % 2 == 1) {
                tck.store().append(stream, noStream(), tck.event());
            }
            Append append = Append.to(stream, exactly(round % 2), tck.events(3));
            Rendezvous<AppendResult> race = tck.race();
            race.racers(8, i -> () -> stores.get(i % 2).append(append));
            List<AppendResult> results = race.run().allReturned();
            assertThat(results.stream().filter(result -> !result.repeated()))
                    .as("who wrote")
                    .hasSize(1);
            assertThat(results.stream().map(AppendResult::position).distinct()).hasSize(1);
            assertThat(results.stream().map(AppendResult::streams).distinct()).hasSize(1);
            assertThat(tck.store().version(stream)).isEqualTo(3 + round % 2);
        }
    }

    @Test
    @Tag("declared")
    default void i02_a_repeat_without_an_exact_expectation_is_recognised_while_nothing_followed(TckContext tck) {
        List<Done> appends = List.of(
                done(tck, 0, any(), 1),
                done(tck, 0, any(), 4),
                done(tck, 5, any(), 1),
                done(tck, 5, any(), 3),
                done(tck, 1, streamExists(), 1),
                done(tck, 4, streamExists(), 6));
        appends.forEach(done -> repeat(tck.store(), done));
        EventStore other = tck.another().store();
        appends.forEach(done -> repeat(other, done));
        tck.store().append(tck.freshStream(), any(), tck.events(9));
        appends.forEach(done -> repeat(tck.store(), done));
    }

    @Test
    @Tag("declared")
    default void i02_a_repeat_after_other_appends_is_answered_as_the_window_says(TckContext tck) {
        for (ExpectedVersion expected : List.of(any(), streamExists())) {
            for (int events : new int[] {1, 3}) {
                for (int others : new int[] {1, 2, 3, 8}) {
                    Done done = done(tck, 2, expected, events);
                    tck.store().append(done.stream(), any(), tck.events(others));
                    if (tck.traits().repeatWindow() == RepeatWindow.UNBOUNDED) {
                        repeat(tck.store(), done);
                    } else {
                        repeatBeyondTheWindow(tck, done, events, others);
                    }
                }
            }
        }
    }

    /** What is no longer known as a repeat is refused where its events are seen, and else new. */
    private static void repeatBeyondTheWindow(TckContext tck, Done done, int events, int others) {
        long version = tck.store().version(done.stream());
        if (tck.traits().duplicateDetection() == DuplicateDetection.WHOLE_STREAM || others < events) {
            Throwable refused = catchThrowable(() -> tck.store().append(done.append()));
            assertThat(refused).as("how events are refused that are seen").isInstanceOf(DuplicateEvent.class);
            assertThat(tck.store().version(done.stream())).isEqualTo(version);
        } else {
            Refusals.written(tck.store().append(done.append()), done.stream(), version + 1, version + events);
        }
    }

    @Test
    @Tag("declared")
    @Tag("raced")
    default void i02_of_many_who_send_the_same_append_with_any_one_writes(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        for (int round = 0; round < tck.rounds(); round++) {
            StreamId stream = tck.freshStream();
            Append append = Append.to(stream, any(), tck.events(2));
            Rendezvous<AppendResult> race = tck.race();
            race.racers(6, i -> () -> stores.get(i % 2).append(append));
            List<AppendResult> results = race.run().allReturned();
            assertThat(results.stream().filter(result -> !result.repeated()))
                    .as("who wrote")
                    .hasSize(1);
            assertThat(tck.store().version(stream)).isEqualTo(2);
        }
    }

    @Test
    default void i06_a_repeat_is_no_conflict_because_the_stream_moved_on(TckContext tck) {
        for (Done done : exact(tck)) {
            tck.another().store().append(done.stream(), any(), tck.event());
            repeat(tck.store(), done);
            Append stale = Append.to(done.stream(), done.append().parts().get(0).expected(), tck.events(1));
            long actual = tck.store().version(done.stream());
            ExpectedVersion expected = done.append().parts().get(0).expected();
            Refusals.conflict(tck.store(), stale, done.stream(), expected, actual);
        }
    }

    @Test
    @Tag("raced")
    default void i06_repeats_are_never_conflicts_while_others_append(TckContext tck) {
        Done done = done(tck, 2, exactly(2), 3);
        EventStore other = tck.another().store();
        Rendezvous<Integer> race = tck.race();
        race.racers(2, i -> () -> {
            for (int n = 0; n < tck.rounds() * 2; n++) {
                (i == 0 ? tck.store() : other).append(done.stream(), any(), tck.event());
            }
            return i;
        });
        race.watcher(() -> Refusals.repeats(tck.store().append(done.append()), done.result()));
        race.watcher(() -> Refusals.repeats(other.append(done.append()), done.result()));
        race.run().allReturned();
        assertThat(tck.store().version(done.stream())).isEqualTo(5 + tck.rounds() * 4L);
    }

    @Test
    default void i06_a_refused_append_is_not_remembered_as_done(TckContext tck) {
        Done done = done(tck, 1, exactly(1), 2);
        Append early = Append.to(done.stream(), exactly(4), tck.events(2));
        Refusals.conflict(tck.store(), early, done.stream(), exactly(4), 3);
        tck.store().append(done.stream(), exactly(3), tck.event());
        Refusals.written(tck.store().append(early), done.stream(), 5, 6);
    }
}
