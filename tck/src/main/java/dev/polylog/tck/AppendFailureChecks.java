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
import dev.polylog.EventStore;
import dev.polylog.InvalidAppend;
import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.tck.UnknownOutcomes.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter A: unknown outcomes, neighbours in a group, what durable means. */
interface AppendFailureChecks {

    private static AppendOutcomeUnknown lose(TckContext.Faults faults, Moment moment, Append append) {
        faults.loseNextAnswer(moment);
        AppendOutcomeUnknown unknown = catchThrowableOfType(
                AppendOutcomeUnknown.class, () -> faults.store().append(append));
        assertThat(unknown).as("what an append without an answer throws").isNotNull();
        return unknown;
    }

    @Test
    default void a05_an_unknown_outcome_names_the_events(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        List<EventData> events = tck.events(3);
        for (Moment moment : List.of(Moment.BEFORE_COMMIT, Moment.AFTER_COMMIT)) {
            AppendOutcomeUnknown unknown = lose(faults, moment, Append.to(tck.freshStream(), any(), events));
            assertThat(unknown.eventIds())
                    .isEqualTo(events.stream().map(EventData::id).toList());
        }
    }

    @Test
    default void a05_what_was_written_before_the_answer_got_lost_resolves_to_its_place(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(2));
        AppendOutcomeUnknown unknown = lose(faults, Moment.AFTER_COMMIT, Append.to(stream, exactly(2), tck.events(3)));
        tck.store().append(stream, exactly(5), tck.events(4));
        AppendResult result = unknown.resolve().orElseThrow();
        assertThat(result.streams()).containsExactly(new AppendResult.Written(stream, 3, 5));
        assertThat(result.position())
                .isEqualTo(tck.store().readStream(stream).toList().get(4).position());
    }

    @Test
    default void a05_what_was_not_written_resolves_to_nothing(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        AppendOutcomeUnknown unknown = lose(faults, Moment.BEFORE_COMMIT, Append.to(stream, noStream(), tck.events(2)));
        assertThat(unknown.resolve()).isEmpty();
        assertThat(tck.store().version(stream)).isZero();
    }

    @Test
    default void a05_the_answer_never_changes(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        for (Moment moment : Moment.values()) {
            StreamId stream = tck.freshStream();
            Append append = Append.to(stream, noStream(), tck.events(2));
            AppendOutcomeUnknown unknown = lose(faults, moment, append);
            boolean written = unknown.resolve().isPresent();
            assertThat(written).isEqualTo(moment == Moment.AFTER_COMMIT);
            faults.deliverLate();
            tck.store().append(stream, any(), tck.events(3));
            faults.deliverLate();
            assertThat(unknown.resolve().isPresent())
                    .as("the answer, asked again")
                    .isEqualTo(written);
            assertThat(tck.another().store().version(stream)).isEqualTo(written ? 5 : 3);
        }
    }

    @Test
    default void a05_a_late_attempt_that_was_resolved_stays_without_effect(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        AppendOutcomeUnknown unknown = lose(faults, Moment.IN_FLIGHT, Append.to(stream, noStream(), tck.events(2)));
        assertThat(unknown.resolve()).isEmpty();
        faults.deliverLate();
        assertThat(tck.store().version(stream)).isZero();
        assertThat(tck.appended()).isEmpty();
    }

    @Test
    default void a05_a_late_attempt_arrives_whole_or_not_at_all(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        AppendOutcomeUnknown unknown = lose(faults, Moment.IN_FLIGHT, Append.to(stream, noStream(), tck.events(3)));
        faults.deliverLate();
        long version = tck.store().version(stream);
        assertThat(version).isIn(0L, 3L);
        assertThat(unknown.resolve().isPresent()).isEqualTo(version == 3);
    }

    @Test
    default void a05_a_conflict_is_known_even_where_answers_get_lost(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.event());
        AppendOutcomeUnknown unknown = lose(faults, Moment.AFTER_COMMIT, Append.to(stream, noStream(), tck.events(2)));
        assertThat(unknown.resolve())
                .as("a conflict whose answer got lost wrote nothing")
                .isEmpty();
        Refusals.conflict(faults.store(), Append.to(stream, noStream(), tck.event()), stream, noStream(), 1);
    }

    /** One racer's part of a crowd: what it appends, and what must become of it. */
    record Part(Append append, Class<?> becomes) {}

    private static List<Part> crowd(TckContext tck, StreamId contended, StreamId there, Append done, EventData taken) {
        StreamId own = tck.freshStream();
        byte[] large = new byte[tck.traits().limits().maxPayloadBytes() + 1];
        return List.of(
                new Part(Append.to(own, noStream(), tck.events(3)), AppendResult.class),
                new Part(
                        Append.to(
                                tck.freshStream(),
                                any(),
                                tck.events(1 + tck.random().nextInt(5))),
                        AppendResult.class),
                new Part(Append.to(tck.freshStream(), noStream(), tck.event().withId(taken.id())), AppendResult.class),
                new Part(Append.to(contended, any(), tck.events(2)), AppendResult.class),
                new Part(Append.to(there, exactly(99), tck.events(2)), VersionConflict.class),
                new Part(done, AppendResult.class),
                new Part(Append.to(there, noStream(), taken, tck.event()), DuplicateEvent.class),
                new Part(
                        Append.to(
                                own,
                                any(),
                                tck.event().withMetadata("x", "y"),
                                EventData.of("Large", "text/plain", Payload.of(large))),
                        InvalidAppend.class));
    }

    @Test
    @Tag("raced")
    default void a15_neighbours_that_conflict_repeat_or_are_refused_change_nothing_for_others(TckContext tck) {
        StreamId there = tck.freshStream();
        StreamId contended = tck.freshStream();
        EventData taken = tck.event();
        Append done = Append.to(there, noStream(), taken, tck.event());
        AppendResult first = tck.store().append(done);
        for (int round = 0; round < tck.rounds(); round++) {
            List<Part> parts = crowd(tck, contended, there, done, taken);
            Rendezvous<AppendResult> race = tck.race();
            race.racers(parts.size(), i -> () -> tck.store().append(parts.get(i).append()));
            List<Rendezvous.Outcome<AppendResult>> outcomes = race.run().all();
            for (int i = 0; i < parts.size(); i++) {
                Object became = outcomes.get(i) instanceof Rendezvous.Outcome.Returned<AppendResult> returned
                        ? returned.value()
                        : ((Rendezvous.Outcome.Threw<AppendResult>) outcomes.get(i)).thrown();
                assertThat(became)
                        .as("what became of part %s", i)
                        .isInstanceOf(parts.get(i).becomes());
                if (became instanceof AppendResult result) {
                    assertThat(result.repeated())
                            .as("whether part %s is a repeat", i)
                            .isEqualTo(i == 5);
                }
            }
            Refusals.repeats(((Rendezvous.Outcome.Returned<AppendResult>) outcomes.get(5)).value(), first);
        }
        assertThat(tck.store().version(there)).isEqualTo(2);
        assertThat(tck.store().version(contended)).isEqualTo(tck.rounds() * 2L);
    }

    @Test
    @Tag("raced")
    default void a15_a_neighbour_whose_answer_gets_lost_changes_nothing_for_others(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        for (int round = 0; round < tck.rounds(); round++) {
            faults.loseNextAnswer(round % 2 == 0 ? Moment.BEFORE_COMMIT : Moment.AFTER_COMMIT);
            Rendezvous<AppendResult> race = tck.race();
            race.racers(5, i -> () -> faults.store().append(tck.freshStream(), noStream(), tck.events(2)));
            Rendezvous.Outcomes<AppendResult> outcomes = race.run();
            assertThat(outcomes.values())
                    .as("neighbours that were acknowledged")
                    .hasSize(4);
            assertThat(outcomes.failures()).hasSize(1).hasOnlyElementsOfType(AppendOutcomeUnknown.class);
        }
    }

    @Test
    default void a16_what_was_acknowledged_survives_as_long_as_declared(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.events(5));
        List<RecordedEvent> shown = tck.store().readStream(stream).toList();
        tck.restart();
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        assertThat(tck.store().readStream(stream).toList()).isEqualTo(forgets ? List.of() : shown);
        assertThat(tck.store().version(stream)).isEqualTo(forgets ? 0 : 5);
    }

    @Test
    @Tag("raced")
    default void a16_what_was_acknowledged_or_shown_survives_a_close_in_the_middle_of_appends(TckContext tck) {
        Set<UUID> promised = ConcurrentHashMap.newKeySet();
        EventStore store = tck.store();
        StreamId shared = tck.freshStream();
        Rendezvous<Integer> race = tck.race();
        race.racers(4, writer -> () -> {
            int done = 0;
            try {
                for (; done < 10_000; done++) {
                    EventData event = tck.event();
                    store.append(shared, any(), event);
                    promised.add(event.id());
                }
            } catch (StoreClosed | AppendOutcomeUnknown e) {
                // the end of what this writer was promised
            }
            return done;
        });
        race.racer(() -> {
            try {
                for (int i = 0; i < 100; i++) {
                    store.readStream(shared).forEach(event -> promised.add(event.id()));
                }
            } catch (StoreClosed e) {
                // what was shown until now counts
            }
            return 0;
        });
        race.racer(() -> {
            tck.eventually("some appends were acknowledged", () -> promised.size() >= 20);
            store.close();
            return 0;
        });
        race.run().allReturned();
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        tck.restart();
        Set<UUID> there =
                tck.store().readStream(shared).stream().map(RecordedEvent::id).collect(Collectors.toSet());
        if (forgets) {
            assertThat(there).isEmpty();
        } else {
            assertThat(there).containsAll(new ArrayList<>(promised));
        }
    }
}
