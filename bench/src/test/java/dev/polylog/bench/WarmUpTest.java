package dev.polylog.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WarmUpTest {

    @Test
    void where_nothing_changes_it_ends_as_soon_as_that_can_be_seen() {
        WarmUp warmUp = new WarmUp(() -> false);
        int turns = 0;
        while (warmUp.goesOn()) {
            warmUp.saw("steady", 100);
            turns++;
        }
        assertThat(turns).isEqualTo(WarmUp.FEWEST_TURNS);
    }

    @Test
    void a_contender_that_still_gets_faster_is_warmed_up_further() {
        WarmUp warmUp = new WarmUp(() -> false);
        double[] rates = {100, 150, 170, 180, 300};
        int turns = 0;
        while (warmUp.goesOn()) {
            warmUp.saw("steady", 100);
            warmUp.saw("rising", rates[turns++]);
        }
        assertThat(turns).as("180 is not a tenth above 170").isEqualTo(4);
    }

    @Test
    void a_dip_before_does_not_count_as_a_rise() {
        WarmUp warmUp = new WarmUp(() -> false);
        double[] rates = {100, 111, 50, 100};
        int turns = 0;
        while (warmUp.goesOn()) {
            warmUp.saw("uneven", rates[turns++]);
        }
        assertThat(turns).isEqualTo(3);
    }

    @Test
    void a_compiler_that_is_never_idle_is_not_waited_for_without_end() {
        WarmUp warmUp = new WarmUp(() -> true);
        int turns = 0;
        while (warmUp.goesOn()) {
            turns++;
        }
        assertThat(turns).isEqualTo(WarmUp.MOST_TURNS);
    }
}
