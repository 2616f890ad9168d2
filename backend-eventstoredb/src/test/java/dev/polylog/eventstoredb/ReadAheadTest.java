package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.eventstoredb.ReadAhead.Turn;
import dev.polylog.spi.LogRead;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Which pages are begun before they are asked for, and who gets them. */
class ReadAheadTest {

    private final AtomicLong nanos = new AtomicLong(-5);
    private final List<LogRead> begun = new ArrayList<>();
    private final ReadAhead<String> ahead = new ReadAhead<>(
            read -> {
                begun.add(read);
                return CompletableFuture.completedFuture("page " + read.bound().low());
            },
            nanos::get);

    private static LogRead at(long position) {
        return LogRead.after(new Position(position, position), 10);
    }

    private Turn<String> read(long from, long to) {
        Turn<String> turn = ahead.asked(at(from));
        ahead.ended(turn);
        ahead.served(turn, at(to));
        return turn;
    }

    private static String page(Turn<String> turn) {
        return turn.page() == null ? "none" : turn.page().join();
    }

    @Test
    void a_single_page_costs_nothing_more() {
        read(0, 10);
        read(500, 510);
        assertThat(begun).isEmpty();
    }

    @Test
    void who_comes_for_a_second_page_finds_the_third() {
        read(0, 10);
        read(10, 20);
        assertThat(begun).containsExactly(at(20));
        assertThat(page(read(20, 30))).isEqualTo("page 20");
        assertThat(page(read(30, 40))).isEqualTo("page 30");
    }

    @Test
    void who_comes_late_goes_on_by_himself() {
        read(0, 10);
        nanos.addAndGet(ReadAhead.SOON.toNanos() + 1);
        read(10, 20);
        assertThat(begun).isEmpty();
    }

    @Test
    void a_page_that_is_too_old_is_given_to_nobody() {
        read(0, 10);
        read(10, 20);
        nanos.addAndGet(ReadAhead.FRESH.toNanos());
        assertThat(page(ahead.asked(at(20)))).isEqualTo("page 20");
        read(100, 110);
        read(110, 120);
        nanos.addAndGet(ReadAhead.FRESH.toNanos() + 1);
        assertThat(page(ahead.asked(at(120)))).isEqualTo("none");
    }

    @Test
    void a_page_is_given_once_and_only_for_the_same_request() {
        read(0, 10);
        read(10, 20);
        assertThat(page(ahead.asked(LogRead.after(new Position(20, 20), 11)))).isEqualTo("none");
        assertThat(page(ahead.asked(LogRead.before(new Position(20, 20), 10)))).isEqualTo("none");
        assertThat(page(ahead.asked(at(20)))).isEqualTo("page 20");
        assertThat(page(ahead.asked(at(20)))).isEqualTo("none");
    }

    @Test
    void two_readers_at_one_place_begin_one_page() {
        read(0, 10);
        Turn<String> one = ahead.asked(at(10));
        ahead.served(one, at(20));
        ahead.served(one, at(20));
        assertThat(begun).containsExactly(at(20));
    }

    @Test
    void few_pages_are_held_and_old_ones_make_room() {
        for (int reader = 0; reader < ReadAhead.MOST + 2; reader++) {
            read(reader * 1_000, reader * 1_000 + 10);
            read(reader * 1_000 + 10, reader * 1_000 + 20);
        }
        assertThat(begun).hasSize(ReadAhead.MOST);
        nanos.addAndGet(ReadAhead.FRESH.toNanos() + 1);
        read(50_000, 50_010);
        read(50_010, 50_020);
        assertThat(begun).hasSize(ReadAhead.MOST + 1);
    }

    @Test
    void the_rest_of_a_page_is_for_who_goes_on_and_grows_no_younger() {
        read(0, 10);
        read(10, 20);
        nanos.addAndGet(ReadAhead.FRESH.toNanos());
        Turn<String> turn = ahead.asked(at(20));
        ahead.putBack(turn, at(25), "rest");
        ahead.ended(turn);
        ahead.served(turn, at(25));
        assertThat(begun).containsExactly(at(20));
        Turn<String> second = ahead.asked(at(25));
        assertThat(page(second)).isEqualTo("rest");
        ahead.putBack(second, at(28), "last");
        nanos.incrementAndGet();
        assertThat(page(ahead.asked(at(28)))).isEqualTo("none");
    }

    @Test
    void who_is_quick_finds_what_follows_begun_with_the_first_part_of_a_page() {
        read(0, 10);
        read(10, 20);
        nanos.addAndGet(ReadAhead.SOON.toNanos() / 4);
        Turn<String> turn = ahead.asked(at(20));
        ahead.putBack(turn, at(25), "rest");
        ahead.behindRest(turn, at(40), 4);
        assertThat(begun).containsExactly(at(20), at(40));
        assertThat(page(ahead.asked(at(25)))).isEqualTo("rest");
        assertThat(page(ahead.asked(at(40)))).isEqualTo("page 40");
    }

    @Test
    void who_would_take_long_over_a_page_has_nothing_begun_behind_it() {
        read(0, 10);
        read(10, 20);
        nanos.addAndGet(ReadAhead.SOON.toNanos() / 4 + 1);
        Turn<String> turn = ahead.asked(at(20));
        ahead.putBack(turn, at(25), "rest");
        ahead.behindRest(turn, at(40), 4);
        assertThat(begun).containsExactly(at(20));
        assertThat(page(ahead.asked(at(25)))).isEqualTo("rest");
    }

    private void holdAsManyAsMayBe() {
        for (int reader = 0; reader < ReadAhead.MOST; reader++) {
            read(reader * 1_000, reader * 1_000 + 10);
            read(reader * 1_000 + 10, reader * 1_000 + 20);
        }
        assertThat(begun).hasSize(ReadAhead.MOST);
    }

    @Test
    void a_page_that_is_worked_on_keeps_its_place_for_its_rest() {
        holdAsManyAsMayBe();
        Turn<String> turn = ahead.asked(at(20));
        read(50_000, 50_010);
        read(50_010, 50_020);
        ahead.putBack(turn, at(25), "rest");
        ahead.behindRest(turn, at(40), 1);
        ahead.ended(turn);
        read(60_000, 60_010);
        read(60_010, 60_020);
        assertThat(begun).as("no place was free").hasSize(ReadAhead.MOST);
        assertThat(page(ahead.asked(at(25)))).isEqualTo("rest");
    }

    @Test
    void a_page_without_a_rest_makes_room_when_its_turn_ends() {
        holdAsManyAsMayBe();
        ahead.ended(ahead.asked(at(20)));
        read(50_000, 50_010);
        read(50_010, 50_020);
        assertThat(begun).hasSize(ReadAhead.MOST + 1);
    }
}
