package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.tck.UnknownOutcomes.Moment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chapter G: one order (G-01) that only grows at its end (G-02) and shows what was acknowledged (G-06). */
interface LogOrderChecks {

    private static void requireOrder(List<RecordedEvent> events) {
        Map<StreamId, Long> versions = new HashMap<>();
        Position last = Position.START;
        for (RecordedEvent event : events) {
            assertThat(event.position().isAfter(last))
                    .as("%s follows %s", event, last)
                    .isTrue();
            last = event.position();
            long before = versions.getOrDefault(event.stream(), event.version() - 1);
            assertThat(event.version()).as("the version of %s", event).isEqualTo(before + 1);
            versions.put(event.stream(), event.version());
        }
    }

    @Test
    default void g01_positions_rise_and_agree_with_versions(TckContext tck) {
        List<StreamId> streams = List.of(tck.freshStream(), tck.freshStream(), tck.freshStream());
        for (int i = 0; i < 40; i++) {
            tck.store()
                    .append(
                            streams.get(tck.random().nextInt(3)),
                            any(),
                            tck.events(1 + tck.random().nextInt(4)));
        }
        List<RecordedEvent> log = tck.appended();
        requireOrder(log);
        for (StreamId stream : streams) {
            assertThat(tck.store().readStream(stream).toList())
                    .isEqualTo(log.stream()
                            .filter(event -> event.stream().equals(stream))
                            .toList());
        }
    }

    @Test
    default void g01_an_append_ends_where_its_result_says(TckContext tck) {
        for (int i = 0; i < 20; i++) {
            Position position = tck.store()
                    .append(tck.freshStream(), noStream(), tck.events(1 + i % 4))
                    .position();
            assertThat(tck.store().readAll(ReadOptions.all().backwards()).first())
                    .hasValueSatisfying(event -> assertThat(event.position()).isEqualTo(position));
            assertThat(tck.store().watermark().head()).isEqualTo(position);
        }
    }

    @Test
    @Tag("raced")
    default void g01_the_order_holds_however_many_write(TckContext tck) {
        writers(tck).run().allReturned();
        List<RecordedEvent> log = tck.appended();
        assertThat(log).isNotEmpty();
        requireOrder(log);
        assertThat(LogReads.forwards(tck.another().backend(), tck.start(), 3)).isEqualTo(log);
    }

    /** Six writers through three handles, on own and shared streams, in small and large appends, some in vain. */
    private static Rendezvous<Integer> writers(TckContext tck) {
        List<EventStore> stores =
                List.of(tck.store(), tck.another().store(), tck.another().store());
        StreamId shared = tck.freshStream();
        Rendezvous<Integer> race = tck.race();
        return race.racers(6, writer -> () -> {
            StreamId own = tck.freshStream();
            EventStore store = stores.get(writer % 3);
            int version = 0;
            for (int i = 0; i < tck.rounds(); i++) {
                List<EventData> events = tck.events(writer % 2 == 0 ? 1 : 1 + i % 20);
                store.append(own, exactly(version), events);
                version += events.size();
                store.append(shared, any(), tck.event());
                assertThat(catchThrowable(() -> store.append(own, noStream(), tck.events(5))))
                        .isInstanceOf(VersionConflict.class);
            }
            return version;
        });
    }

    /** Goes on reading where it stands, as a subscription does. */
    final class Follower {

        private final Handle handle;
        private final int page;
        private final boolean fromEvents;
        private final List<RecordedEvent> seen = new ArrayList<>();
        private Position position;

        Follower(Handle handle, Position start, int page, boolean fromEvents) {
            this.handle = handle;
            this.position = start;
            this.page = page;
            this.fromEvents = fromEvents;
        }

        void follow() {
            LogSlice slice;
            do {
                slice = handle.backend().readAll(LogRead.after(position, page));
                seen.addAll(slice.events());
                Position lastEvent = slice.events().isEmpty()
                        ? position
                        : slice.events().get(slice.events().size() - 1).position();
                position = fromEvents ? lastEvent : slice.lookedUpTo();
            } while (!slice.atHead());
        }
    }

    @Test
    @Tag("raced")
    default void g02_who_follows_the_log_meets_every_event_once_and_in_order(TckContext tck) {
        Rendezvous<Integer> race = writers(tck);
        List<Follower> followers = List.of(
                new Follower(tck.another(), tck.start(), 1, false),
                new Follower(tck.another(), tck.start(), 3, true),
                new Follower(tck.another(), tck.start(), 50, false),
                new Follower(tck.another(), tck.start(), 500, true));
        followers.forEach(follower -> race.watcher(follower::follow));
        race.run().allReturned();
        List<RecordedEvent> log = tck.appended();
        for (Follower follower : followers) {
            assertThat(follower.seen).as("what a follower met, page by page").isEqualTo(log);
        }
    }

    @Test
    @Tag("raced")
    default void g02_every_read_is_the_beginning_of_every_later_one(TckContext tck) {
        Rendezvous<Integer> race = writers(tck);
        Handle reader = tck.another();
        List<RecordedEvent> last = new ArrayList<>();
        race.watcher(() -> {
            List<RecordedEvent> read = LogReads.forwards(reader.backend(), tck.start(), 40);
            assertThat(read).as("a later read").hasSizeGreaterThanOrEqualTo(last.size());
            assertThat(read.subList(0, last.size())).as("what was read before").isEqualTo(last);
            last.clear();
            last.addAll(read);
        });
        race.run().allReturned();
        assertThat(last).isEqualTo(tck.appended());
    }

    @Test
    @Tag("raced")
    default void g02_a_writer_that_is_closed_in_the_middle_leaves_nothing_below(TckContext tck) {
        Follower follower = new Follower(tck.another(), tck.start(), 7, false);
        for (int round = 0; round < Math.max(2, tck.rounds() / 4); round++) {
            EventStore store = tck.another().store();
            Rendezvous<Integer> race = tck.race();
            race.racers(3, writer -> () -> {
                StreamId own = tck.freshStream();
                int done = 0;
                while (catchThrowable(() -> store.append(own, any(), tck.events(3))) == null) {
                    assertThat(++done).as("appends, some of them after close").isLessThan(20_000);
                }
                return done;
            });
            race.racer(() -> {
                tck.store().append(tck.freshStream(), noStream(), tck.event());
                store.close();
                return 0;
            });
            race.watcher(follower::follow);
            race.run().allReturned();
        }
        assertThat(follower.seen).isEqualTo(tck.appended());
    }

    @Test
    default void g02_an_append_that_arrives_late_stands_above_what_was_shown(TckContext tck) {
        TckContext.Faults faults = tck.faults();
        StreamId late = tck.freshStream();
        faults.loseNextAnswer(Moment.IN_FLIGHT);
        AppendOutcomeUnknown unknown = catchThrowableOfType(
                AppendOutcomeUnknown.class, () -> faults.store().append(late, noStream(), tck.events(2)));
        assertThat(unknown).isNotNull();
        tck.store().append(tck.freshStream(), noStream(), tck.events(3));
        List<RecordedEvent> shown = tck.appended();
        faults.deliverLate();
        tck.store().append(tck.freshStream(), noStream(), tck.events(1));
        List<RecordedEvent> then = tck.appended();
        assertThat(shown).hasSize(3);
        assertThat(then.subList(0, 3)).isEqualTo(shown);
        assertThat(then).hasSizeBetween(4, 6);
    }

    @Test
    @Tag("raced")
    default void g06_a_read_after_the_acknowledgement_sees_the_append_from_another_handle(TckContext tck) {
        EventStore other = tck.another().store();
        for (int i = 0; i < tck.rounds(); i++) {
            EventData event = tck.event();
            Position before = tck.store().watermark().head();
            Position position =
                    tck.store().append(tck.freshStream(), noStream(), event).position();
            assertThat(other.readAll(ReadOptions.all().after(before)).toList())
                    .as("what was appended since the head before")
                    .singleElement()
                    .satisfies(read -> assertThat(read.data()).isEqualTo(event));
            assertThat(other.readAll(ReadOptions.all().backwards()).first())
                    .hasValueSatisfying(read -> assertThat(read.position()).isEqualTo(position));
        }
    }

    @Test
    @Tag("raced")
    default void g06_every_writer_reads_its_own_appends_while_others_write(TckContext tck) {
        List<Handle> handles = List.of(tck.another(), tck.another());
        Rendezvous<Integer> race = tck.race();
        race.racers(6, writer -> () -> {
            Handle handle = handles.get(writer % 2);
            for (int i = 0; i < tck.rounds(); i++) {
                EventData event = tck.event();
                Position before = handle.store().watermark().position();
                handle.store().append(tck.freshStream(), noStream(), event);
                assertThat(LogReads.forwards(handle.backend(), before, 20))
                        .as("what follows the watermark of before")
                        .anyMatch(read -> read.id().equals(event.id()));
            }
            return writer;
        });
        race.run().allReturned();
    }
}
