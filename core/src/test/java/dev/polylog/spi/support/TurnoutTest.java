package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnoutTest {

    private static final Duration COMMIT = Duration.ofMillis(2);

    private final Turnout turnout = new Turnout(100);

    @Test
    void nobody_waits_before_there_is_experience() {
        assertThat(turnout.patience(1)).isZero();
    }

    @Test
    void one_who_is_always_alone_never_waits() {
        for (int i = 0; i < 10; i++) {
            assertThat(turnout.patience(1)).isZero();
            turnout.committed(1, 0, COMMIT);
        }
    }

    @Test
    void those_who_were_let_go_and_those_who_queued_are_expected() {
        turnout.committed(3, 2, COMMIT);

        assertThat(turnout.expected()).isEqualTo(5);
        assertThat(turnout.patience(4)).isEqualTo(Duration.ofMillis(1));
        assertThat(turnout.patience(5)).isZero();
    }

    @Test
    void no_more_are_expected_than_a_group_takes() {
        turnout.committed(100, 200, COMMIT);

        assertThat(turnout.expected()).isEqualTo(100);
        assertThat(turnout.patience(100)).isZero();
    }

    @Test
    void commits_that_take_no_time_are_not_waited_for() {
        turnout.committed(2, 2, Duration.ofNanos(99_999));
        assertThat(turnout.patience(2)).isZero();

        Turnout other = new Turnout(100);
        other.committed(2, 2, Duration.ofNanos(100_000));
        assertThat(other.patience(2)).isEqualTo(Duration.ofNanos(50_000));
    }

    @Test
    void a_commit_that_took_long_to_fail_makes_nobody_wait_long() {
        turnout.committed(2, 2, Duration.ofSeconds(30));

        assertThat(turnout.patience(2)).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void how_long_a_commit_takes_follows_the_latest() {
        turnout.committed(2, 2, Duration.ofMillis(8));
        for (int i = 0; i < 100; i++) {
            turnout.committed(2, 2, Duration.ofMillis(1));
        }

        assertThat(turnout.patience(2)).isBetween(Duration.ofNanos(499_000), Duration.ofNanos(501_000));
    }

    @Test
    void waits_in_vain_become_rare() {
        List<Integer> waits = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            turnout.committed(1, 1, COMMIT);
            if (!turnout.patience(1).isZero()) {
                waits.add(i);
                turnout.waited(false);
            }
        }

        assertThat(waits).containsExactly(0, 2, 6, 14, 30);
    }

    @Test
    void waits_in_vain_never_end_altogether() {
        int waits = 0;
        for (int i = 0; i < 10_000; i++) {
            turnout.committed(1, 1, COMMIT);
            if (!turnout.patience(1).isZero()) {
                waits++;
                turnout.waited(false);
            }
        }

        assertThat(waits).isBetween(39, 50);
    }

    @Test
    void one_complete_group_makes_up_for_waits_in_vain() {
        for (int i = 0; i < 10; i++) {
            turnout.committed(1, 1, COMMIT);
            turnout.patience(1);
            turnout.waited(false);
        }
        assertThat(turnout.patience(1)).isZero();

        turnout.patience(2);

        assertThat(turnout.patience(1)).isEqualTo(Duration.ofMillis(1));
    }
}
