package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EchoCreditTest {

    private final EchoCredit credit = new EchoCredit();

    private int asksUntilItBegins() {
        int asks = 1;
        while (!credit.begins()) {
            asks++;
            assertThat(asks).isLessThanOrEqualTo(EchoCredit.MOST_ASKS);
        }
        return asks;
    }

    private void spend(int events) {
        for (int i = 0; i < events; i++) {
            credit.brought(300);
        }
    }

    @Test
    void it_begins_after_a_few_asks_and_not_twice() {
        assertThat(asksUntilItBegins()).isEqualTo(EchoCredit.FEWEST_ASKS);
        for (int i = 0; i < 100; i++) {
            assertThat(credit.begins()).isFalse();
        }
    }

    @Test
    void it_is_spent_by_what_it_brings_and_no_earlier() {
        asksUntilItBegins();
        spend(EchoCredit.FIRST - 1);
        assertThat(credit.isSpent()).isFalse();
        spend(1);
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void large_events_cost_more() {
        asksUntilItBegins();
        for (int i = 0; i < EchoCredit.FIRST / 256; i++) {
            assertThat(credit.isSpent()).isFalse();
            credit.brought(1 << 20);
        }
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void it_lasts_while_it_spares_a_read_for_every_few_events() {
        asksUntilItBegins();
        for (int i = 0; i < 10_000; i++) {
            spend(EchoCredit.SPARED);
            credit.spared();
            assertThat(credit.isSpent()).isFalse();
        }
    }

    @Test
    void it_does_not_live_for_ever_on_what_it_was_worth_once() {
        asksUntilItBegins();
        for (int i = 0; i < 10_000; i++) {
            credit.spared();
        }
        spend(EchoCredit.MOST);
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void waiting_in_vain_and_asking_in_vain_end_it() {
        asksUntilItBegins();
        for (int i = 0; i < EchoCredit.FIRST / EchoCredit.MISSED; i++) {
            assertThat(credit.isSpent()).isFalse();
            credit.missed();
        }
        assertThat(credit.isSpent()).isTrue();
        credit.ended();
        asksUntilItBegins();
        for (int i = 0; i < EchoCredit.FIRST; i++) {
            credit.unserved(1);
        }
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void what_was_appended_before_it_could_serve_is_not_held_against_it() {
        asksUntilItBegins();
        int unserved = 100;
        for (int i = 0; i < unserved; i++) {
            credit.unserved(30);
        }
        spend(unserved * 30);
        assertThat(credit.isSpent()).isFalse();
        spend(EchoCredit.FIRST);
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void what_others_write_does_not_hide_behind_a_large_append_for_ever() {
        asksUntilItBegins();
        credit.unserved(1_000_000);
        spend(EchoCredit.MOST + EchoCredit.FIRST);
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void one_that_stays_silent_ends_however_much_is_appended() {
        asksUntilItBegins();
        for (int i = 0; i < EchoCredit.FIRST; i++) {
            credit.unserved(1_000);
        }
        assertThat(credit.isSpent()).isTrue();
        credit.ended();
        asksUntilItBegins();
        spend(EchoCredit.FIRST);
        assertThat(credit.isSpent()).isTrue();
    }

    @Test
    void each_failure_is_followed_by_twice_the_asks_up_to_a_bound() {
        int asks = EchoCredit.FEWEST_ASKS;
        for (int i = 0; i < 20; i++) {
            assertThat(asksUntilItBegins()).isEqualTo(asks);
            credit.ended();
            asks = Math.min(EchoCredit.MOST_ASKS, 2 * asks);
        }
        assertThat(asks).isEqualTo(EchoCredit.MOST_ASKS);
    }

    @Test
    void one_that_was_worth_having_is_begun_again_soon() {
        for (int i = 0; i < 5; i++) {
            asksUntilItBegins();
            credit.ended();
        }
        asksUntilItBegins();
        for (int i = 0; i < EchoCredit.MOST; i++) {
            credit.spared();
        }
        credit.ended();
        assertThat(asksUntilItBegins()).isEqualTo(2 * EchoCredit.FEWEST_ASKS);
    }
}
