package dev.polylog.servers.kurrentdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.kurrentdb.log.Proposal.Event;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log: what is written, what is shown, what survives. */
class DatabaseTest {

    private long now = 1_000_000_000L;
    private final Database database = Database.inMemory(() -> now);

    private static Event event() {
        return new Event(UUID.randomUUID(), "Tested", true, new byte[0], new byte[3]);
    }

    private static Event metadata(String json) {
        return new Event(
                UUID.randomUUID(), LogRecord.METADATA_TYPE, true, new byte[0], json.getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome append(Database database, String stream, long expected, Event... events) {
        return database.commit(new Change.Append(List.of(new Proposal(stream, expected, List.of(events)))));
    }

    private Outcome append(String stream, long expected, Event... events) {
        return append(database, stream, expected, events);
    }

    private List<Long> revisions(String stream) {
        return database.snapshot().forwards(stream, 0, 100).stream()
                .map(LogRecord::revision)
                .toList();
    }

    @Test
    void positions_strictly_increase_and_none_is_zero() {
        append("a", Proposal.ANY, event(), event());
        append("b", Proposal.ANY, event());
        List<LogRecord> all = database.snapshot().forwards(0, 100, e -> true).events();
        assertThat(all).hasSize(3);
        assertThat(all.get(0).position()).isPositive();
        assertThat(all.get(1).position()).isGreaterThan(all.get(0).position());
        assertThat(all.get(2).position()).isGreaterThan(all.get(1).position());
    }

    @Test
    void the_answer_has_the_position_of_the_last_event() {
        Outcome.Done done = (Outcome.Done) append("a", Proposal.NO_STREAM, event(), event());
        LogRecord last = database.snapshot().backwards("a", Long.MAX_VALUE, 1).get(0);
        assertThat(done).isEqualTo(new Outcome.Done(List.of(1L), last.position()));
    }

    @Test
    void a_repeat_is_answered_with_the_first_place_not_the_present_end() {
        Event first = event();
        Outcome done = append("a", Proposal.NO_STREAM, first);
        append("a", 0, event(), event());
        assertThat(append("a", Proposal.NO_STREAM, first)).isEqualTo(done);
        assertThat(append("a", Proposal.ANY, first)).isEqualTo(done);
    }

    @Test
    void a_repeat_of_what_is_hidden_has_no_position() {
        Event first = event();
        append("a", Proposal.NO_STREAM, first, event());
        append("$$a", Proposal.ANY, metadata("{\"$tb\":1}"));
        assertThat(append("a", Proposal.NO_STREAM, first)).isEqualTo(new Outcome.Done(List.of(0L), -1));
    }

    @Test
    void forgotten_ids_are_written_again_with_any_but_not_with_an_exact_revision() {
        Event first = event();
        append("a", Proposal.ANY, first);
        database.forgetIds();
        assertThat(append("a", Proposal.NO_STREAM, first)).isInstanceOf(Outcome.Done.class);
        assertThat(revisions("a")).containsExactly(0L);
        append("a", Proposal.ANY, first);
        assertThat(revisions("a")).containsExactly(0L, 1L);
    }

    @Test
    void the_cache_forgets_the_oldest_when_its_budget_is_used_up() {
        Database small = Database.withIdBudget(() -> now, 1_000);
        Event first = event();
        append(small, "a", Proposal.ANY, first);
        append(small, "a", Proposal.ANY, first);
        assertThat(small.snapshot().last("a")).isZero();
        for (int i = 0; i < 20; i++) {
            append(small, "a", Proposal.ANY, event());
        }
        append(small, "a", Proposal.ANY, first);
        assertThat(small.snapshot().last("a")).isEqualTo(21);
    }

    @Test
    void the_same_id_in_another_stream_is_written() {
        Event same = event();
        append("a", Proposal.ANY, same);
        append("b", Proposal.ANY, same);
        assertThat(revisions("b")).containsExactly(0L);
    }

    @Test
    void an_append_without_events_shows_nothing_but_takes_its_place_and_revives() {
        assertThat(append("a", Proposal.NO_STREAM)).isInstanceOf(Outcome.Done.class);
        assertThat(database.snapshot().isMissing("a")).isTrue();
        append("a", Proposal.NO_STREAM, event());
        database.commit(new Change.Delete("a", Proposal.ANY));
        append("a", Proposal.ANY);
        assertThat(database.snapshot().isMissing("a")).isFalse();
        assertThat(revisions("a")).isEmpty();
    }

    @Test
    void several_streams_are_written_together_or_not_at_all() {
        append("b", Proposal.ANY, event());
        Proposal one = new Proposal("a", Proposal.NO_STREAM, List.of(event()));
        Proposal wrong = new Proposal("b", 5, List.of(event()));
        assertThat(database.commit(new Change.Append(List.of(one, wrong))))
                .isEqualTo(new Outcome.WrongVersion(wrong, 0));
        assertThat(database.snapshot().isMissing("a")).isTrue();
        Proposal right = new Proposal("b", 0, wrong.events());
        Outcome.Done done = (Outcome.Done) database.commit(new Change.Append(List.of(one, right)));
        assertThat(done.lastRevisions()).containsExactly(0L, 1L);
        assertThat(database.commit(new Change.Append(List.of(one, right))))
                .as("all of it again")
                .isEqualTo(done);
        Proposal fresh = new Proposal("c", Proposal.NO_STREAM, List.of(event()));
        assertThat(database.commit(new Change.Append(List.of(one, fresh)))).isEqualTo(new Outcome.Mixed());
        assertThat(database.snapshot().isMissing("c")).isTrue();
    }

    @Test
    void a_delete_hides_the_stream_and_writing_goes_on_with_the_next_revision() {
        append("a", Proposal.NO_STREAM, event(), event());
        database.commit(new Change.Delete("a", 1));
        assertThat(database.snapshot().isMissing("a")).isTrue();
        assertThat(append("a", Proposal.NO_STREAM, event())).isInstanceOf(Outcome.Done.class);
        assertThat(revisions("a")).containsExactly(2L);
        assertThat(database.snapshot().forwards(0, 100, e -> true).events())
                .as("everything still shows what is hidden in the stream")
                .filteredOn(e -> e.stream().equals("a"))
                .hasSize(3);
    }

    @Test
    void a_delete_of_nothing_is_a_wrong_version() {
        assertThat(database.commit(new Change.Delete("a", Proposal.ANY)))
                .isEqualTo(new Outcome.WrongVersion(new Proposal("a", Proposal.ANY, List.of()), -1));
    }

    @Test
    void a_tombstone_is_for_ever_and_takes_the_metadata_with_it() {
        assertThat(database.commit(new Change.Tombstone("a", Proposal.ANY))).isInstanceOf(Outcome.Done.class);
        assertThat(append("a", Proposal.ANY, event())).isEqualTo(new Outcome.Deleted("a"));
        assertThat(append("$$a", Proposal.ANY, metadata("{}"))).isEqualTo(new Outcome.Deleted("$$a"));
        assertThat(database.snapshot().isTombstoned("a")).isTrue();
        LogRecord end = database.snapshot().forwards(0, 9, e -> true).events().get(0);
        assertThat(end.type()).isEqualTo("$streamDeleted");
        assertThat(end.revision()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void metadata_hides_by_count_by_revision_and_by_age_without_new_numbers() {
        append("a", Proposal.ANY, event(), event(), event(), event());
        append("$$a", Proposal.ANY, metadata("{\"$maxCount\":3}"));
        assertThat(revisions("a")).containsExactly(1L, 2L, 3L);
        append("$$a", Proposal.ANY, metadata("{\"$tb\":2,\"$maxCount\":0}"));
        assertThat(revisions("a")).containsExactly(2L, 3L);
        append("$$a", Proposal.ANY, metadata("{\"$maxAge\":60}"));
        now += 61 * 10_000_000L;
        append("a", Proposal.ANY, event());
        assertThat(revisions("a")).containsExactly(4L);
        append("$$a", Proposal.ANY, metadata("not json"));
        assertThat(revisions("a")).hasSize(5);
    }

    @Test
    void a_stream_of_metadata_shows_its_last_event_only() {
        append("$$a", Proposal.ANY, metadata("{\"$tb\":1}"));
        append("$$a", Proposal.ANY, metadata("{\"$tb\":2}"));
        assertThat(revisions("$$a")).containsExactly(1L);
    }

    @Test
    void a_snapshot_does_not_change() {
        append("a", Proposal.ANY, event());
        Snapshot before = database.snapshot();
        append("a", Proposal.ANY, event());
        assertThat(before.last("a")).isZero();
        assertThat(before.forwards(0, 9, e -> true).events()).hasSize(1);
    }

    @Test
    void only_places_of_events_the_start_and_what_lies_beyond_the_end_are_boundaries() {
        append("a", Proposal.ANY, event(), event());
        Snapshot log = database.snapshot();
        long second = log.backwards("a", Long.MAX_VALUE, 1).get(0).position();
        assertThat(log.isBoundary(second)).isTrue();
        assertThat(log.isBoundary(second + 1)).isFalse();
        assertThat(log.isBoundary(0)).isTrue();
        assertThat(log.isBoundary(log.end() + 77)).isTrue();
    }

    @Test
    void everything_is_read_forwards_with_and_backwards_without_the_position_to_begin_with() {
        append("a", Proposal.ANY, event(), event(), event());
        Snapshot log = database.snapshot();
        List<LogRecord> all = log.forwards(0, 9, e -> true).events();
        long middle = all.get(1).position();
        assertThat(log.forwards(middle, 9, e -> true).events()).isEqualTo(all.subList(1, 3));
        assertThat(log.backwards(middle, 9, e -> true).events()).isEqualTo(all.subList(0, 1));
        assertThat(log.backwards(-1, 9, e -> true).events().get(0)).isEqualTo(all.get(2));
    }

    @Test
    void a_file_keeps_what_was_acknowledged_and_forgets_the_cache(@TempDir Path folder) {
        Path file = folder.resolve("log");
        Event first = event();
        List<LogRecord> before;
        try (Database durable = Database.in(file, () -> now)) {
            append(durable, "a", Proposal.NO_STREAM, first, event());
            durable.commit(new Change.Tombstone("b", Proposal.ANY));
            before = durable.snapshot().forwards(0, 9, e -> true).events();
        }
        try (Database again = Database.in(file, () -> now)) {
            List<LogRecord> after = again.snapshot().forwards(0, 9, e -> true).events();
            assertThat(after).usingRecursiveComparison().isEqualTo(before);
            Outcome.Done appended = (Outcome.Done) append(again, "c", Proposal.NO_STREAM, event());
            assertThat(appended.position()).isGreaterThan(before.get(2).position());
            append(again, "a", Proposal.ANY, first);
            assertThat(again.snapshot().last("a"))
                    .as("any does not know it any more")
                    .isEqualTo(2);
        }
    }

    @Test
    void a_torn_write_at_the_end_of_the_file_is_cut_off_wherever_it_broke(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("log");
        byte[] one;
        try (Database durable = Database.in(file, () -> now)) {
            append(durable, "a", Proposal.NO_STREAM, event());
            one = Files.readAllBytes(file);
            append(durable, "a", 0, event(), event());
        }
        byte[] both = Files.readAllBytes(file);
        List<Long> lasts = new ArrayList<>();
        for (int length = one.length; length <= both.length; length++) {
            Files.write(file, Arrays.copyOf(both, length), StandardOpenOption.TRUNCATE_EXISTING);
            try (Database torn = Database.in(file, () -> now)) {
                lasts.add(torn.snapshot().last("a"));
            }
        }
        assertThat(lasts.subList(0, lasts.size() - 1)).containsOnly(0L);
        assertThat(lasts.get(lasts.size() - 1)).isEqualTo(2);
    }
}
