package dev.polylog.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Payload;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellHistoryTest {

    private static Story set(Story story, long invoked, long completed, long expected, String value, long revision) {
        return story.call(
                invoked,
                completed,
                new Action.SetCell("c", expected, Payload.utf8(value)),
                new Outcome.CellDecided(new SetOutcome.Done(revision)));
    }

    private static Story mismatch(Story story, long invoked, long completed, long expected, long actual) {
        return story.call(
                invoked,
                completed,
                new Action.SetCell("c", expected, Payload.utf8("refused")),
                new Outcome.CellDecided(new SetOutcome.Mismatch(actual)));
    }

    private static Story get(Story story, long invoked, long completed, long revision, String value) {
        return story.call(
                invoked,
                completed,
                new Action.ReadCell("c"),
                new Outcome.CellSeen(Optional.of(new Cell(revision, Payload.utf8(value)))));
    }

    private static Story empty(Story story, long invoked, long completed) {
        return story.call(invoked, completed, new Action.ReadCell("c"), new Outcome.CellSeen(Optional.empty()));
    }

    @Test
    void accepts_a_sound_history() {
        Story story = new Story("");
        empty(story, 0, 1);
        set(story, 0, 5, 0, "x", 1);
        set(story, 4, 9, 1, "y", 2);
        mismatch(story, 5, 9, 1, 2);
        get(story, 6, 7, 1, "x");
        get(story, 10, 11, 2, "y");
        assertThat(story.check()).isEmpty();
    }

    @Test
    void accepts_a_cell_that_was_there_before_and_a_set_of_unknown_outcome() {
        Story story = new Story("");
        get(story, 0, 1, 7, "old");
        story.call(2, Operation.NEVER, new Action.SetCell("c", 7, Payload.utf8("perhaps")), new Outcome.Unknown());
        get(story, 5, 6, 8, "perhaps");
        set(story, 7, 8, 8, "new", 9);
        assertThat(story.check()).isEmpty();
    }

    @Test
    void k01_finds_two_winners_of_one_revision() {
        Story story = new Story("");
        set(story, 0, 5, 0, "x", 1);
        set(story, 0, 5, 0, "y", 2);
        assertThat(story.broken()).contains("K-01");
    }

    @Test
    void k01_finds_a_refusal_of_the_right_revision_and_a_revision_that_nobody_set() {
        Story refused = new Story("");
        set(refused, 0, 1, 0, "x", 1);
        mismatch(refused, 2, 3, 1, 1);
        assertThat(refused.broken()).containsExactly("K-01");
        Story nobody = new Story("");
        set(nobody, 0, 1, 0, "x", 1);
        get(nobody, 2, 3, 2, "y");
        assertThat(nobody.broken()).containsExactly("K-01");
    }

    @Test
    void k02_finds_stale_reads_and_refusals() {
        Story read = new Story("");
        set(read, 0, 1, 0, "x", 1);
        empty(read, 2, 3);
        assertThat(read.broken()).containsExactly("K-02");
        Story refused = new Story("");
        set(refused, 0, 1, 0, "x", 1);
        set(refused, 2, 3, 1, "y", 2);
        mismatch(refused, 4, 5, 2, 1);
        assertThat(refused.broken()).containsExactly("K-02");
    }

    @Test
    void k04_finds_a_value_that_was_not_set() {
        Story story = new Story("");
        set(story, 0, 1, 0, "x", 1);
        get(story, 2, 3, 1, "z");
        assertThat(story.broken()).containsExactly("K-04");
    }
}
