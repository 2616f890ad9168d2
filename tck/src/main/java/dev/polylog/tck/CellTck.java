package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.spi.Registration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter K: cells. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class CellTck {

    /** For JUnit and for the nested class. */
    public CellTck() {}

    private static long set(CellStore cells, String name, long expected, Payload value) {
        SetOutcome outcome = cells.compareAndSet(name, expected, value);
        assertThat(outcome).as("setting %s at %s", name, expected).isInstanceOf(SetOutcome.Done.class);
        return ((SetOutcome.Done) outcome).revision();
    }

    private static Cell cell(CellStore cells, String name) {
        return cells.get(name).orElseThrow(() -> new AssertionError("no cell " + name));
    }

    @Test
    void k01_a_cell_is_made_only_where_there_is_none(TckContext tck) {
        CellStore cells = tck.backend().cells();
        String name = tck.unique("cell");
        assertThat(cells.get(name)).isEmpty();
        assertThat(cells.compareAndSet(name, 1, Payload.utf8("x"))).isEqualTo(new SetOutcome.Mismatch(0));
        assertThat(cells.get(name)).isEmpty();
        long revision = set(cells, name, 0, Payload.utf8("first"));
        assertThat(cells.compareAndSet(name, 0, Payload.utf8("x"))).isEqualTo(new SetOutcome.Mismatch(revision));
        assertThat(cell(cells, name)).isEqualTo(new Cell(revision, Payload.utf8("first")));
    }

    @Test
    void k01_each_change_has_a_greater_revision_and_stale_ones_change_nothing(TckContext tck) {
        CellStore cells = tck.backend().cells();
        CellStore other = tck.another().backend().cells();
        String name = tck.unique("cell");
        List<Long> revisions = new ArrayList<>(List.of(0L));
        for (int i = 1; i <= 10; i++) {
            long last = revisions.get(i - 1);
            revisions.add(set(i % 2 == 0 ? cells : other, name, last, Payload.utf8("value " + i)));
            assertThat(revisions.get(i)).isGreaterThan(last);
            for (long stale : revisions.subList(0, i)) {
                assertThat(cells.compareAndSet(name, stale, Payload.utf8("stale")))
                        .isEqualTo(new SetOutcome.Mismatch(revisions.get(i)));
            }
            assertThat(cell(other, name)).isEqualTo(new Cell(revisions.get(i), Payload.utf8("value " + i)));
        }
        assertThat(cells.compareAndSet(name, revisions.get(10) + 1, Payload.empty()))
                .isEqualTo(new SetOutcome.Mismatch(revisions.get(10)));
    }

    @Test
    @Tag("raced")
    void k01_of_many_who_expect_the_same_revision_exactly_one_succeeds(TckContext tck) {
        List<CellStore> stores =
                List.of(tck.backend().cells(), tck.another().backend().cells());
        String name = tck.unique("cell");
        long revision = 0;
        for (int round = 0; round < tck.rounds(); round++) {
            long expected = revision;
            Rendezvous<SetOutcome> race = tck.race();
            race.racers(8, i -> () -> stores.get(i % 2).compareAndSet(name, expected, Payload.utf8("racer " + i)));
            List<SetOutcome> outcomes = race.run().allReturned();
            List<SetOutcome> done =
                    outcomes.stream().filter(SetOutcome.Done.class::isInstance).toList();
            assertThat(done).as("winners of round %s", round).hasSize(1);
            revision = ((SetOutcome.Done) done.get(0)).revision();
            Cell cell = cell(stores.get(round % 2), name);
            assertThat(cell.revision()).isEqualTo(revision);
            assertThat(cell.value()).isEqualTo(Payload.utf8("racer " + outcomes.indexOf(done.get(0))));
        }
    }

    @Test
    @Tag("raced")
    void k01_counting_by_compare_and_set_loses_no_count(TckContext tck) {
        List<CellStore> stores =
                List.of(tck.backend().cells(), tck.another().backend().cells());
        String name = tck.unique("counter");
        Rendezvous<Integer> race = tck.race();
        race.racers(4, racer -> () -> {
            for (int done = 0; done < tck.rounds(); ) {
                CellStore cells = stores.get(racer % 2);
                long revision = cells.get(name).map(Cell::revision).orElse(0L);
                long count = cells.get(name)
                        .filter(cell -> cell.revision() == revision)
                        .map(cell -> Long.parseLong(cell.value().asUtf8()))
                        .orElse(revision == 0 ? 0L : -1L);
                if (count >= 0
                        && cells.compareAndSet(name, revision, Payload.utf8("" + (count + 1)))
                                instanceof SetOutcome.Done) {
                    done++;
                }
            }
            return racer;
        });
        race.run().allReturned();
        assertThat(cell(stores.get(0), name).value()).isEqualTo(Payload.utf8("" + 4 * tck.rounds()));
    }

    @Test
    @Tag("raced")
    void k02_a_read_after_the_acknowledgement_sees_the_value_from_another_handle(TckContext tck) {
        CellStore cells = tck.backend().cells();
        CellStore other = tck.another().backend().cells();
        String name = tck.unique("cell");
        long revision = 0;
        for (int i = 0; i < tck.rounds(); i++) {
            revision = set(cells, name, revision, Payload.utf8("value " + i));
            assertThat(cell(other, name)).isEqualTo(new Cell(revision, Payload.utf8("value " + i)));
        }
    }

    @Test
    @Tag("raced")
    void k02_no_later_read_shows_an_older_revision(TckContext tck) {
        String name = tck.unique("cell");
        CellStore cells = tck.backend().cells();
        CellStore other = tck.another().backend().cells();
        AtomicLong seen = new AtomicLong();
        Rendezvous<Long> race = tck.race();
        race.racer(() -> {
            long revision = 0;
            for (int i = 0; i < tck.rounds() * 5; i++) {
                revision = set(cells, name, revision, Payload.utf8("x"));
                seen.accumulateAndGet(revision, Math::max);
            }
            return revision;
        });
        for (CellStore reader : List.of(cells, other)) {
            race.watcher(() -> {
                long least = seen.get();
                long revision = reader.get(name).map(Cell::revision).orElse(0L);
                assertThat(revision).as("what was set or seen before").isGreaterThanOrEqualTo(least);
                seen.accumulateAndGet(revision, Math::max);
            });
        }
        long last = race.run().allReturned().get(0);
        assertThat(cell(other, name).revision()).isEqualTo(last);
    }

    @Test
    void k03_cells_never_show_up_in_reads_of_events(TckContext tck) {
        StreamId stream = tck.freshStream();
        tck.store().append(stream, noStream(), tck.event());
        Position head = tck.store().watermark().head();
        CellStore cells = tck.backend().cells();
        for (int i = 0; i < 20; i++) {
            set(cells, i == 0 ? stream.name() : tck.unique("cell"), 0, Payload.utf8("value"));
        }
        assertThat(tck.appended()).hasSize(1);
        assertThat(tck.store().readStream(stream)).hasSize(1);
        assertThat(tck.store().watermark().head()).isEqualTo(head);
        assertThat(LogReads.backwards(tck.backend(), tck.start(), 10)).hasSize(1);
    }

    @Test
    void k03_setting_cells_gives_no_signal(TckContext tck) {
        AtomicInteger signals = new AtomicInteger();
        CellStore cells = tck.backend().cells();
        Duration window = tck.traits().signalBound().multipliedBy(2).plusMillis(50);
        try (Registration registration = tck.another().backend().signal(signals::incrementAndGet)) {
            assertThat(registration).isNotNull();
            // A signal may always be late or spurious; one that cells cause comes every time.
            tck.eventually("cells were set for " + window + " without a signal", () -> {
                signals.set(0);
                long end = System.nanoTime() + window.toNanos();
                do {
                    set(cells, tck.unique("cell"), 0, Payload.utf8("value"));
                    LockSupport.parkNanos(window.toNanos() / 20);
                } while (System.nanoTime() < end);
                return signals.get() == 0;
            });
        }
        assertThat(tck.appended()).isEmpty();
    }

    @Test
    void k04_values_of_every_size_survive_exactly(TckContext tck) {
        CellStore cells = tck.backend().cells();
        Map<String, Payload> values = new HashMap<>();
        for (int size : new int[] {0, 1, 255, 256, 4_095, 4_096, 65_535, CellStore.MAX_VALUE_BYTES}) {
            byte[] bytes = new byte[size];
            tck.random().nextBytes(bytes);
            values.put(tck.unique("sized"), Payload.of(bytes));
        }
        byte[] all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        values.put(tck.unique("all"), Payload.of(all));
        values.forEach((name, value) -> set(cells, name, 0, value));
        CellStore other = tck.another().backend().cells();
        values.forEach((name, value) -> assertThat(cell(other, name).value()).isEqualTo(value));
    }

    @Test
    void k04_a_value_beyond_64_kib_is_refused_and_changes_nothing(TckContext tck) {
        CellStore cells = tck.backend().cells();
        String name = tck.unique("cell");
        long revision = set(cells, name, 0, Payload.utf8("kept"));
        Payload large = Payload.of(new byte[CellStore.MAX_VALUE_BYTES + 1]);
        assertThatThrownBy(() -> cells.compareAndSet(name, revision, large))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65536")
                .hasMessageContaining("65537");
        assertThat(cell(cells, name)).isEqualTo(new Cell(revision, Payload.utf8("kept")));
    }

    @Test
    void k04_1_000_hostile_names_are_refused_or_kept_apart(TckContext tck) {
        CellStore cells = tck.backend().cells();
        String end = tck.unique("");
        Map<String, Payload> written = new HashMap<>();
        for (String text : Hostile.texts(tck.random(), 1_000)) {
            boolean room = text.length() + end.length() <= Hostile.MOST_CHARACTERS && !text.isBlank();
            String name = room ? text + end : text;
            if (!Hostile.isName(name)) {
                assertThatThrownBy(() -> cells.get(name)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> cells.compareAndSet(name, 0, Payload.empty()))
                        .isInstanceOf(IllegalArgumentException.class);
            } else if (room) {
                Payload value = Payload.of(name.getBytes(StandardCharsets.UTF_8));
                set(cells, name, 0, value);
                written.put(name, value);
            }
        }
        CellStore other = tck.another().backend().cells();
        assertThat(written).hasSizeGreaterThan(500);
        written.forEach(
                (name, value) -> assertThat(cell(other, name).value()).as(name).isEqualTo(value));
    }

    @Test
    void k04_cells_are_there_after_reopening_as_long_as_the_log_is(TckContext tck) {
        String name = tck.unique("cell");
        long revision = set(tck.backend().cells(), name, 0, Payload.utf8("kept"));
        boolean forgets = tck.traits().durability() == Durability.VOLATILE;
        tck.restart();
        CellStore cells = tck.backend().cells();
        if (forgets) {
            assertThat(cells.get(name)).isEmpty();
        } else {
            assertThat(cell(cells, name)).isEqualTo(new Cell(revision, Payload.utf8("kept")));
            assertThat(set(cells, name, revision, Payload.utf8("next"))).isGreaterThan(revision);
        }
    }
}
