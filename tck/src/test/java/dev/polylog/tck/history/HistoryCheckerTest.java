package dev.polylog.tck.history;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static dev.polylog.ExpectedVersion.streamExists;
import static dev.polylog.tck.history.Story.and;
import static dev.polylog.tck.history.Story.append;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.spi.LogRead;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryCheckerTest {

    private static BackendTraits weak() {
        BackendTraits strict = MemoryBackend.create().traits();
        return new BackendTraits(
                "weak",
                strict.durability(),
                strict.limits(),
                true,
                false,
                RepeatWindow.UNTIL_NEXT_APPEND,
                DuplicateDetection.EXPECTED_VERSIONS,
                strict.signalBound(),
                strict.holdBound(),
                strict.closeBound());
    }

    @Test
    void accepts_a_sound_history() {
        Story story = new Story("s:a s:b t:c s:d")
                .done(0, 5, append("s", noStream(), "a", "b"), 1)
                .done(4, 9, append("t", any(), "c"), 1)
                .conflict(5, 9, append("s", exactly(1), "x"), "s", 2)
                .repeated(6, 9, append("s", noStream(), "a", "b"), 1)
                .duplicate(6, 9, append("s", exactly(2), "b", "y"), "s", "b")
                .readAll(6, 8, 0, 1)
                .readStream(10, 11, "t", 2)
                .unknown(10, append("s", exactly(2), "d"))
                .unknown(10, append("s", exactly(2), "e"));
        assertThat(story.check()).isEmpty();
    }

    @Test
    void names_the_operations_and_what_is_wrong() {
        List<Violation> violations = new Story("t:b s:a")
                .done(0, 1, append("s", any(), "a"), 1)
                .done(2, 3, append("t", any(), "b"), 1)
                .check();
        assertThat(violations).singleElement().satisfies(violation -> {
            assertThat(violation.rule()).isEqualTo("A-07");
            assertThat(violation.operations()).hasSize(2);
            assertThat(violation.toString())
                    .contains("A-07", "begun after another was acknowledged", "append s", "append t");
        });
    }

    @Test
    void a01_finds_an_acknowledged_append_that_is_torn() {
        assertThat(new Story("s:a").done(0, 1, append("s", any(), "a", "b"), 1).broken())
                .containsExactly("A-01");
    }

    @Test
    void a01_finds_an_append_of_unknown_outcome_that_is_torn() {
        assertThat(new Story("s:a").unknown(0, append("s", any(), "a", "b")).broken())
                .containsExactly("A-01");
    }

    @Test
    void a01_finds_readers_that_saw_half_an_append() {
        assertThat(new Story("s:a s:b")
                        .done(0, 9, append("s", any(), "a", "b"), 1)
                        .readStream(1, 2, "s", 0)
                        .broken())
                .containsExactly("A-01");
        assertThat(new Story("s:a s:b")
                        .done(0, 9, append("s", any(), "a", "b"), 1)
                        .readAll(1, 2, 0)
                        .broken())
                .containsExactly("A-01");
    }

    @Test
    void a01_lets_stream_reads_show_part_of_an_append_to_several_streams_only_where_declared() {
        Story story = new Story("s:a t:b")
                .done(0, 9, and(append("s", any(), "a"), append("t", any(), "b")), 1, 1)
                .readStream(1, 2, "s", 0)
                .readStream(3, 4, "t");
        assertThat(story.broken()).containsExactly("R-04");
        assertThat(story.check(weak())).isEmpty();
        assertThat(story.readStream(10, 11, "t").check(weak()))
                .extracting(Violation::rule)
                .containsExactly("R-04");
    }

    @Test
    void a02_finds_a_gap_in_the_versions_and_a_result_that_names_other_versions() {
        Story gap = new Story("s:a s:b").before(2);
        LogEntry second = gap.entry(1);
        gap.replace(1, new LogEntry(second.stream(), 3, second.position(), second.id(), second.type()));
        assertThat(gap.broken()).containsExactly("A-02");
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .done(0, 1, append("s", any(), "b"), 3)
                        .broken())
                .containsExactly("A-02");
    }

    @Test
    void a03_finds_an_append_that_was_written_against_its_expectation() {
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .done(0, 1, append("s", noStream(), "b"), 2)
                        .broken())
                .containsExactly("A-03");
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .unknown(0, append("s", noStream(), "b"))
                        .broken())
                .containsExactly("A-03");
    }

    @Test
    void a03_finds_a_refused_append_in_the_log() {
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .conflict(0, 1, append("s", noStream(), "b"), "s", 1)
                        .broken())
                .containsExactly("A-03");
    }

    @Test
    void a03_finds_conflicts_that_were_never_true_or_not_during_the_call() {
        Story never = new Story("s:a").done(0, 1, append("s", any(), "a"), 1);
        assertThat(never.conflict(2, 3, append("s", exactly(4), "x"), "s", 2).broken())
                .containsExactly("A-03");
        assertThat(new Story("s:a")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .conflict(2, 3, append("s", exactly(1), "x"), "s", 1)
                        .broken())
                .containsExactly("A-03");
        assertThat(new Story("s:a")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .conflict(2, 3, append("s", exactly(1), "x"), "s", 0)
                        .broken())
                .containsExactly("A-03");
    }

    @Test
    void a04_finds_the_loser_of_a_race_who_was_told_that_it_won() {
        assertThat(new Story("s:a")
                        .done(0, 5, append("s", noStream(), "a"), 1)
                        .done(0, 5, append("s", noStream(), "b"), 1)
                        .broken())
                .containsExactly("A-04");
    }

    @Test
    void a05_finds_failed_and_resolved_appends_in_the_log_and_events_of_nobody() {
        Action.Append attempt = append("s", any(), "a");
        assertThat(new Story("s:a")
                        .call(0, 1, attempt, new Outcome.Failed("unavailable"))
                        .broken())
                .containsExactly("A-05");
        assertThat(new Story("s:a")
                        .unknown(0, attempt)
                        .call(2, 3, new Action.Resolve(attempt), new Outcome.Resolved(Optional.empty()))
                        .broken())
                .containsExactly("A-05");
        assertThat(new Story("s:x s:a").done(0, 1, attempt, 2).broken()).containsExactly("A-05");
    }

    @Test
    void a05_finds_a_resolution_that_names_what_is_not_there() {
        Action.Append attempt = append("s", any(), "a");
        Story story = new Story("");
        AppendResult result =
                new AppendResult(List.of(new AppendResult.Written(StreamId.of("s"), 1, 1)), Position.of(10), false);
        assertThat(story.unknown(0, attempt)
                        .call(2, 3, new Action.Resolve(attempt), new Outcome.Resolved(Optional.of(result)))
                        .broken())
                .containsExactly("A-05");
    }

    @Test
    void a06_finds_events_in_another_order_and_events_of_others_between_them() {
        assertThat(new Story("s:b s:a")
                        .done(0, 1, append("s", any(), "a", "b"), 1)
                        .broken())
                .containsExactly("A-06");
        assertThat(new Story("s:a t:x s:b")
                        .done(0, 1, append("s", any(), "a", "b"), 1)
                        .broken())
                .containsExactly("A-06");
    }

    @Test
    void a07_finds_an_append_that_stands_before_what_was_shown_when_it_began() {
        assertThat(new Story("t:b s:a")
                        .unknown(0, append("s", any(), "a"))
                        .readStream(1, 2, "s", 1)
                        .done(3, 4, append("t", any(), "b"), 1)
                        .broken())
                .containsExactly("A-07");
    }

    @Test
    void a10_a11_judges_the_expectations_on_every_stream_at_the_moment_of_the_write() {
        Action.Append watched = and(append("s", any(), "b"), "t", exactly(1));
        assertThat(new Story("t:a s:b")
                        .done(0, 1, append("t", any(), "a"), 1)
                        .done(2, 3, watched, 1)
                        .check())
                .isEmpty();
        assertThat(new Story("s:b t:a")
                        .done(0, 3, watched, 1)
                        .done(0, 3, append("t", any(), "a"), 1)
                        .broken())
                .containsExactly("A-03");
        assertThat(new Story("t:a s:b")
                        .done(0, 1, append("t", any(), "a"), 1)
                        .done(0, 5, append("s", any(), "b"), 1)
                        .conflict(6, 7, and(append("s", any(), "c"), "t", exactly(2)), "t", 1)
                        .check())
                .isEmpty();
    }

    @Test
    void a16_finds_what_was_acknowledged_or_shown_and_is_lost() {
        assertThat(new Story("").done(0, 1, append("s", any(), "a"), 1).broken())
                .containsExactly("A-16");
        Story shown = new Story("s:a s:b");
        LogEntry lost = shown.entry(1);
        Outcome seen = new Outcome.StreamSeen(List.of(shown.entry(0), lost), true, 2);
        assertThat(new Story("s:a")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .call(2, 3, new Action.ReadStream(lost.stream(), Direction.FORWARDS, 1, 9), seen)
                        .broken())
                .containsExactly("A-16");
    }

    @Test
    void i01_finds_an_append_that_was_written_by_two_calls_or_by_none() {
        Action.Append append = append("s", noStream(), "a");
        assertThat(new Story("s:a").done(0, 5, append, 1).done(0, 5, append, 1).broken())
                .containsExactly("I-01");
        assertThat(new Story("s:a").repeated(0, 5, append, 1).broken()).containsExactly("I-01");
        assertThat(new Story("s:a")
                        .done(0, 1, append, 1)
                        .repeated(2, 3, append, 2)
                        .broken())
                .containsExactly("I-01");
    }

    @Test
    void i01_i06_finds_repeats_that_were_refused() {
        Action.Append append = append("s", noStream(), "a");
        assertThat(new Story("s:a")
                        .done(0, 1, append, 1)
                        .conflict(2, 3, append, "s", 1)
                        .broken())
                .containsExactly("I-06");
        assertThat(new Story("s:a")
                        .done(0, 1, append, 1)
                        .duplicate(2, 3, append, "s", "a")
                        .broken())
                .containsExactly("I-01");
    }

    @Test
    void i02_demands_repeats_within_the_declared_window_only() {
        Action.Append append = append("s", any(), "a");
        Story inside = new Story("s:a s:a").done(0, 1, append, 1).done(2, 3, append, 2);
        Story outside = new Story("s:a s:b s:a")
                .done(0, 1, append, 1)
                .done(2, 3, append("s", any(), "b"), 2)
                .done(4, 5, append, 3);
        assertThat(inside.broken()).containsExactly("I-02");
        assertThat(inside.check(weak())).extracting(Violation::rule).containsExactly("I-02");
        assertThat(outside.broken()).containsExactly("I-02");
        assertThat(outside.check(weak())).isEmpty();
    }

    @Test
    void i03_finds_partial_overlaps_that_were_written_and_duplicates_of_nothing() {
        assertThat(new Story("s:a s:b s:a s:c")
                        .done(0, 1, append("s", any(), "a", "b"), 1)
                        .done(2, 3, append("s", any(), "a", "c"), 3)
                        .broken())
                .containsExactly("I-03");
        assertThat(new Story("s:a")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .duplicate(2, 3, append("s", any(), "b"), "s", "b")
                        .broken())
                .containsExactly("I-03");
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .duplicate(2, 3, append("s", any(), "b"), "s", "a")
                        .broken())
                .contains("I-03");
    }

    @Test
    void i03_finds_a_conflict_where_a_duplicate_was_to_be_reported() {
        assertThat(new Story("s:a s:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .done(2, 3, append("s", any(), "b"), 2)
                        .conflict(4, 5, append("s", exactly(1), "b", "c"), "s", 2)
                        .broken())
                .containsExactly("I-03");
    }

    @Test
    void i05_matches_every_place_in_the_log_with_a_call_of_its_own() {
        Action.Append append = append("s", any(), "a");
        Story twice = new Story("s:a s:b s:a").unknown(0, append).done(1, 2, append("s", any(), "b"), 2);
        assertThat(twice.check(weak())).extracting(Violation::rule).containsExactly("I-05");
        assertThat(twice.unknown(3, append).check(weak())).isEmpty();
    }

    @Test
    void r04_finds_a_stale_read_and_a_read_that_shows_less_than_an_earlier_one() {
        assertThat(new Story("s:a")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .readStream(2, 3, "s")
                        .broken())
                .containsExactly("R-04");
        assertThat(new Story("s:a")
                        .done(0, 9, append("s", any(), "a"), 1)
                        .readAll(1, 2, 0)
                        .readStream(3, 4, "s")
                        .broken())
                .containsExactly("R-04");
    }

    @Test
    void r01_r02_finds_pages_that_are_wrong_about_versions_or_the_end() {
        Story story = new Story("s:a s:b").done(0, 1, append("s", any(), "a", "b"), 1);
        Action read = new Action.ReadStream(StreamId.of("s"), Direction.FORWARDS, 1, 1);
        Outcome second = new Outcome.StreamSeen(List.of(story.entry(1)), true, 2);
        Outcome ended = new Outcome.StreamSeen(List.of(story.entry(0)), true, 2);
        assertThat(story.call(2, 3, read, second).broken()).containsExactly("R-01");
        assertThat(new Story("s:a s:b").before(2).call(2, 3, read, ended).broken())
                .containsExactly("R-02");
    }

    @Test
    void g01_finds_a_log_that_is_out_of_order_and_a_result_with_another_position() {
        Story story = new Story("s:a t:b").before(2);
        LogEntry first = story.entry(0);
        story.replace(0, new LogEntry(first.stream(), 1, Position.of(25), first.id(), first.type()));
        assertThat(story.broken()).containsExactly("G-01");
        AppendResult wrong =
                new AppendResult(List.of(new AppendResult.Written(StreamId.of("s"), 1, 1)), Position.of(11), false);
        assertThat(new Story("s:a")
                        .call(0, 1, append("s", any(), "a"), new Outcome.Decided(new AppendOutcome.Appended(wrong)))
                        .broken())
                .containsExactly("G-01");
    }

    @Test
    void g02_finds_an_event_that_appeared_below_what_a_reader_had_seen() {
        assertThat(new Story("s:a t:b")
                        .done(0, 9, append("s", any(), "a"), 1)
                        .done(0, 9, append("t", any(), "b"), 1)
                        .readAll(1, 2, 1)
                        .broken())
                .containsExactly("G-02");
    }

    @Test
    void g05_finds_a_page_that_looked_backwards() {
        assertThat(new Story("s:a")
                        .before(1)
                        .call(
                                0,
                                1,
                                new Action.ReadAll(LogRead.after(Position.of(10), 5)),
                                new Outcome.LogSeen(List.of(), Position.of(5), true))
                        .broken())
                .containsExactly("G-05");
    }

    @Test
    void g06_finds_a_read_of_everything_that_missed_an_acknowledged_append() {
        assertThat(new Story("s:a t:b")
                        .done(0, 1, append("s", any(), "a"), 1)
                        .done(2, 3, append("t", any(), "b"), 1)
                        .readAll(4, 5, 0)
                        .broken())
                .containsExactly("G-06");
    }

    @Test
    void what_was_there_before_counts_but_may_be_repeated_or_not() {
        Action.Append old = append("s", noStream(), "a");
        assertThat(new Story("s:a s:b")
                        .before(1)
                        .repeated(0, 1, old, 1)
                        .done(0, 5, append("s", streamExists(), "b"), 2)
                        .conflict(1, 5, append("s", noStream(), "x"), "s", 2)
                        .check())
                .isEmpty();
        assertThat(new Story("s:a")
                        .before(1)
                        .conflict(0, 1, append("s", exactly(1), "x"), "s", 0)
                        .broken())
                .containsExactly("A-03");
    }

    @Test
    void others_may_write_other_streams_meanwhile() {
        assertThat(new Story("o:x s:a o:y")
                        .done(0, 1, append("s", noStream(), "a"), 1)
                        .readAll(2, 3, 0, 1)
                        .check())
                .isEmpty();
    }
}
