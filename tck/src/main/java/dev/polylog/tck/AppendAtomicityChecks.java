package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Append;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter A: whole appends, adjacent in order, in real time order. */
interface AppendAtomicityChecks {

    /** Events that all carry the name of their append. */
    private static List<EventData> batch(String name, int events) {
        List<EventData> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            batch.add(EventData.of("Batched", "text/plain", Payload.utf8(name)));
        }
        return batch;
    }

    /** Fails where the events do not consist of whole batches of one size, each in one piece. */
    private static void requireWhole(List<RecordedEvent> events, int size) {
        assertThat(events.size() % size)
                .as("events beyond the last whole append, of %s read", events.size())
                .isZero();
        for (int i = 0; i < events.size(); i++) {
            String name = events.get(i).payload().asUtf8();
            assertThat(name)
                    .as("the append of event %s, as that of the first of its append", i)
                    .isEqualTo(events.get(i - i % size).payload().asUtf8());
        }
    }

    private static Rendezvous<Integer> writers(TckContext tck, List<EventStore> stores, StreamId stream, int size) {
        Rendezvous<Integer> race = tck.race();
        return race.racers(2, writer -> () -> {
            for (int i = 0; i < tck.rounds() * 2; i++) {
                stores.get(writer).append(stream, any(), batch(writer + "/" + i, size));
            }
            return writer;
        });
    }

    @Test
    @Tag("raced")
    default void a01_no_read_of_the_stream_shows_half_an_append(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        Handle reader = tck.another();
        writers(tck, stores, stream, 7)
                .watcher(() -> requireWhole(LogReads.stream(reader.backend(), stream, 1, 1_000), 7))
                .watcher(() -> requireWhole(LogReads.stream(reader.backend(), stream, 1, 3), 7))
                .watcher(() -> requireWhole(LogReads.back(reader.backend(), stream, 1), 7))
                .run()
                .allReturned();
        assertThat(tck.store().version(stream)).isEqualTo(tck.rounds() * 28L);
    }

    @Test
    @Tag("raced")
    default void a01_no_read_of_everything_shows_half_an_append(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        Handle reader = tck.another();
        Position start = tck.start();
        writers(tck, stores, stream, 5)
                .watcher(() -> requireWhole(LogReads.forwards(reader.backend(), start, 1_000), 5))
                .watcher(() -> requireWhole(LogReads.forwards(reader.backend(), start, 3), 5))
                .watcher(() -> requireWhole(LogReads.backwards(reader.backend(), start, 4), 5))
                .run()
                .allReturned();
        assertThat(tck.appended()).hasSize(tck.rounds() * 20);
    }

    @Test
    @Tag("raced")
    default void a01_the_largest_append_is_whole_too(TckContext tck) {
        int size = Math.min(1_000, tck.traits().limits().maxEventsPerAppend());
        StreamId stream = tck.freshStream();
        Handle reader = tck.another();
        Rendezvous<Long> race = tck.race();
        race.racer(() -> {
                    for (int i = 0; i < 5; i++) {
                        tck.store().append(stream, exactly((long) i * size), batch("large/" + i, size));
                    }
                    return tck.store().version(stream);
                })
                .watcher(() -> requireWhole(LogReads.stream(reader.backend(), stream, 1, 2 * size), size))
                .watcher(() -> requireWhole(LogReads.forwards(reader.backend(), tck.start(), 2 * size), size));
        assertThat(race.run().allReturned()).containsExactly(5L * size);
    }

    @Test
    @Tag("raced")
    default void a01_an_append_to_two_streams_is_whole_in_reads_of_everything_or_is_refused(TckContext tck) {
        StreamId one = tck.freshStream();
        StreamId other = tck.freshStream();
        Handle reader = tck.another();
        Rendezvous<Integer> race = tck.race();
        race.racer(() -> {
            for (int i = 0; i < tck.rounds() * 2; i++) {
                List<EventData> events = batch("both/" + i, 4);
                tck.store().append(Append.to(one, any(), events.subList(0, 2)).and(other, any(), events.subList(2, 4)));
            }
            return 4 * 2 * tck.rounds();
        });
        race.watcher(() -> requireWhole(LogReads.forwards(reader.backend(), tck.start(), 1_000), 4));
        race.watcher(() -> requireWhole(LogReads.forwards(reader.backend(), tck.start(), 3), 4));
        Rendezvous.Outcomes<Integer> outcomes = race.run();
        if (tck.traits().multiStreamAppend()) {
            assertThat(tck.appended()).hasSize(outcomes.allReturned().get(0));
        } else {
            assertThat(outcomes.failures()).hasSize(1).hasOnlyElementsOfType(UnsupportedByStore.class);
            assertThat(tck.appended()).isEmpty();
        }
    }

    @Test
    @Tag("raced")
    default void a01_reads_of_single_streams_show_appends_to_two_as_declared(TckContext tck) {
        List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream());
        EventStore reader = tck.another().store();
        Rendezvous<Integer> race = tck.race();
        race.racer(() -> {
            for (int i = 0; i < tck.rounds() * 4; i++) {
                tck.store()
                        .append(Append.to(streams.get(0), any(), tck.event()).and(streams.get(1), any(), tck.event()));
            }
            return 4 * tck.rounds();
        });
        for (int first = 0; first < 2; first++) {
            StreamId before = streams.get(first);
            StreamId after = streams.get(1 - first);
            race.watcher(() -> {
                long seen = reader.version(before);
                long then = reader.version(after);
                assertThat(then >= seen || !tck.traits().multiStreamReads())
                        .as("version %s of the second stream, after %s of the first was seen", then, seen)
                        .isTrue();
            });
        }
        Rendezvous.Outcomes<Integer> outcomes = race.run();
        if (tck.traits().multiStreamAppend()) {
            long expected = outcomes.allReturned().get(0);
            assertThat(streams).allMatch(stream -> reader.version(stream) == expected);
        } else {
            assertThat(outcomes.failures()).hasOnlyElementsOfType(UnsupportedByStore.class);
            assertThat(streams).allMatch(stream -> reader.version(stream) == 0);
        }
    }

    @Test
    default void a06_events_of_an_append_stand_together_in_the_order_given(TckContext tck) {
        StreamId one = tck.freshStream();
        StreamId other = tck.freshStream();
        List<EventData> given = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<EventData> events = tck.events(1 + tck.random().nextInt(9));
            StreamId stream = tck.random().nextBoolean() ? one : other;
            tck.store().append(stream, any(), events);
            given.addAll(events);
        }
        assertThat(tck.appended().stream().map(RecordedEvent::data).toList()).isEqualTo(given);
    }

    @Test
    @Tag("raced")
    default void a06_others_who_append_meanwhile_do_not_come_between(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        int size = 6;
        Rendezvous<Integer> race = tck.race();
        race.racers(8, writer -> () -> {
            StreamId own = tck.freshStream();
            for (int i = 0; i < tck.rounds(); i++) {
                stores.get(writer % 2).append(own, exactly((long) i * size), batch(writer + "/" + i, size));
            }
            return writer;
        });
        race.run().allReturned();
        List<RecordedEvent> events = tck.appended();
        assertThat(events).hasSize(8 * size * tck.rounds());
        requireWhole(events, size);
    }

    @Test
    default void a07_appends_one_after_another_through_two_handles_have_rising_positions(TckContext tck) {
        List<EventStore> stores = List.of(tck.store(), tck.another().store());
        Position last = tck.start();
        for (int i = 0; i < 2 * tck.rounds(); i++) {
            Position position = stores.get(i % 2)
                    .append(tck.freshStream(), noStream(), tck.events(1 + i % 3))
                    .position();
            assertThat(position.isAfter(last)).as("%s after %s", position, last).isTrue();
            last = position;
        }
    }

    /** When an append was begun and acknowledged by one clock, and where it stands. */
    record Timed(long begun, long acknowledged, Position position) {}

    @Test
    @Tag("raced")
    default void a07_what_began_after_an_acknowledgement_stands_higher(TckContext tck) {
        List<EventStore> stores =
                List.of(tck.store(), tck.another().store(), tck.another().store());
        AtomicLong clock = new AtomicLong();
        ConcurrentLinkedQueue<Timed> appends = new ConcurrentLinkedQueue<>();
        Rendezvous<Integer> race = tck.race();
        race.racers(6, writer -> () -> {
            StreamId own = tck.freshStream();
            for (int i = 0; i < tck.rounds() * 2; i++) {
                long begun = clock.incrementAndGet();
                Position position = stores.get(writer % 3)
                        .append(own, exactly(i), tck.event())
                        .position();
                appends.add(new Timed(begun, clock.incrementAndGet(), position));
            }
            return writer;
        });
        race.run().allReturned();
        List<Timed> rising =
                appends.stream().sorted(Comparator.comparing(Timed::position)).toList();
        long latestBeginning = 0;
        for (Timed append : rising) {
            assertThat(append.acknowledged())
                    .as("when the append at %s was acknowledged; one that stands lower began later", append.position())
                    .isGreaterThan(latestBeginning);
            latestBeginning = Math.max(latestBeginning, append.begun());
        }
    }
}
