package dev.polylog.servers.kurrentdb.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.servers.kurrentdb.log.Proposal.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table by which the server decides appends, line by line. */
class CommitCheckTest {

    /** A stream with these events, by revision. */
    private static final class Known implements CommitCheck.View {

        private final List<UUID> ids = new ArrayList<>();
        private final Map<UUID, Long> cached = new HashMap<>();
        private boolean tombstoned;
        private boolean softDeleted;
        private boolean metadata;

        Known holding(Event... events) {
            for (Event event : events) {
                ids.add(event.id());
            }
            return this;
        }

        Known remembering(Event event, long revision) {
            cached.put(event.id(), revision);
            return this;
        }

        @Override
        public long last() {
            return ids.size() - 1;
        }

        @Override
        public boolean isTombstoned() {
            return tombstoned;
        }

        @Override
        public boolean isSoftDeleted() {
            return softDeleted;
        }

        @Override
        public boolean hasMetadata() {
            return metadata;
        }

        @Override
        public @Nullable UUID idAt(long revision) {
            return revision < ids.size() ? ids.get((int) revision) : null;
        }

        @Override
        public @Nullable Long cached(UUID id) {
            return cached.get(id);
        }
    }

    private static Event event() {
        return new Event(UUID.randomUUID(), "Tested", true, new byte[0], new byte[0]);
    }

    private final Event a = event();
    private final Event b = event();
    private final Event c = event();

    private static Verdict decide(Known stream, long expected, Event... events) {
        return CommitCheck.decide(stream, expected, List.of(events));
    }

    @Test
    void a_stream_that_was_ended_is_deleted_whatever_is_expected() {
        Known ended = new Known().holding(a);
        ended.tombstoned = true;
        for (long expected : new long[] {Proposal.ANY, Proposal.NO_STREAM, Proposal.EXISTS, 0, 7}) {
            assertThat(decide(ended, expected, a)).isEqualTo(new Verdict.Deleted());
        }
    }

    @Test
    void exists_asks_for_events_or_metadata_and_finds_a_deleted_stream_deleted() {
        assertThat(decide(new Known(), Proposal.EXISTS, a)).isEqualTo(new Verdict.WrongVersion(-1));
        Known described = new Known();
        described.metadata = true;
        assertThat(decide(described, Proposal.EXISTS, a)).isEqualTo(new Verdict.Write(0));
        Known deleted = new Known().holding(a);
        deleted.softDeleted = true;
        assertThat(decide(deleted, Proposal.EXISTS, b)).isEqualTo(new Verdict.Deleted());
        assertThat(decide(new Known().holding(a), Proposal.EXISTS, b)).isEqualTo(new Verdict.Write(1));
    }

    @Test
    void any_looks_ids_up_in_the_cache_only() {
        assertThat(decide(new Known().holding(a), Proposal.ANY, a))
                .as("in the log, but forgotten")
                .isEqualTo(new Verdict.Write(1));
        assertThat(decide(new Known().holding(a, b).remembering(a, 0), Proposal.ANY, a))
                .isEqualTo(new Verdict.Repeat(0));
    }

    @Test
    void any_with_an_unknown_first_id_writes_all_even_where_later_ones_are_known() {
        assertThat(decide(new Known().holding(b).remembering(b, 0), Proposal.ANY, a, b))
                .isEqualTo(new Verdict.Write(1));
    }

    @Test
    void any_with_a_known_first_id_and_an_unknown_later_one_is_a_wrong_version() {
        assertThat(decide(new Known().holding(a).remembering(a, 0), Proposal.ANY, a, b))
                .isEqualTo(new Verdict.WrongVersion(0));
    }

    @Test
    void any_compares_neither_order_nor_place() {
        Known stream = new Known().holding(a, b, c).remembering(a, 0).remembering(c, 2);
        assertThat(decide(stream, Proposal.ANY, c, a)).isEqualTo(new Verdict.Repeat(0));
    }

    @Test
    void an_exact_repeat_is_found_in_the_log_without_the_cache() {
        Known stream = new Known().holding(a, b, c);
        assertThat(decide(stream, Proposal.NO_STREAM, a, b)).isEqualTo(new Verdict.Repeat(1));
        assertThat(decide(stream, 0, b, c)).isEqualTo(new Verdict.Repeat(2));
    }

    @Test
    void an_exact_repeat_must_stand_at_its_place() {
        Known stream = new Known().holding(a, b, c).remembering(c, 2);
        assertThat(decide(stream, 0, c)).isEqualTo(new Verdict.WrongVersion(2));
        assertThat(decide(stream, Proposal.NO_STREAM, b, a)).isEqualTo(new Verdict.WrongVersion(2));
    }

    @Test
    void a_part_of_a_repeat_is_a_wrong_version() {
        Known stream = new Known().holding(a, b);
        assertThat(decide(stream, Proposal.NO_STREAM, a, c)).isEqualTo(new Verdict.WrongVersion(1));
        assertThat(decide(stream, 0, b, c)).as("longer than the stream").isEqualTo(new Verdict.WrongVersion(1));
        assertThat(decide(stream, 0)).as("no events").isEqualTo(new Verdict.WrongVersion(1));
    }

    @Test
    void a_revision_beyond_the_end_is_a_wrong_version() {
        assertThat(decide(new Known().holding(a), 1, b)).isEqualTo(new Verdict.WrongVersion(0));
        assertThat(decide(new Known(), 0, b)).isEqualTo(new Verdict.WrongVersion(-1));
    }

    @Test
    void at_the_end_ids_are_not_looked_at() {
        assertThat(decide(new Known().holding(a).remembering(a, 0), 0, a)).isEqualTo(new Verdict.Write(1));
        assertThat(decide(new Known(), Proposal.NO_STREAM, a)).isEqualTo(new Verdict.Write(0));
    }

    @Test
    void no_stream_revives_a_deleted_stream_unless_it_is_a_repeat() {
        Known deleted = new Known().holding(a, b);
        deleted.softDeleted = true;
        assertThat(decide(deleted, Proposal.NO_STREAM, c)).isEqualTo(new Verdict.Write(2));
        assertThat(decide(deleted, 1, c)).isEqualTo(new Verdict.Write(2));
        assertThat(decide(deleted, 0, c)).isEqualTo(new Verdict.WrongVersion(1));
    }
}
