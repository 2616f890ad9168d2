package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.eventstoredb.Prefetch.End;
import dev.polylog.eventstoredb.Prefetch.Shown;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** For whom is read ahead, and who gets it. */
class ReadAheadTest {

    private static final int PAGE = 10;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final List<LogRead> begun = new ArrayList<>();
    private final List<LogRead> calls = new ArrayList<>();
    private final ReadAhead ahead = new ReadAhead(
            read -> {
                begun.add(read);
                return new Prefetch(read, this::show, Duration.ofSeconds(60), nanos::get);
            },
            nanos::get);

    /** Every ten positions a page ends; there is no end. */
    private CompletableFuture<End> show(LogRead read, int events, Predicate<Shown> enough) {
        calls.add(read);
        long from = read.bound().low();
        for (long at = from + PAGE; at <= from + events; at += PAGE) {
            Position position = new Position(at, at);
            if (enough.test(new Shown(new LogSlice(List.of(), position, false), position, PAGE, 1))) {
                return CompletableFuture.completedFuture(End.BROKEN_OFF);
            }
        }
        return CompletableFuture.completedFuture(End.OF_THE_CALL);
    }

    private static LogRead at(long position) {
        return LogRead.after(new Position(position, position), PAGE);
    }

    /** One page, given or read otherwise; tells whether it was given. */
    private boolean read(long from) {
        LogSlice slice = ahead.page(at(from));
        if (slice == null) {
            ahead.served(at(from + PAGE));
            return false;
        }
        assertThat(slice.lookedUpTo().low()).isEqualTo(from + PAGE);
        return true;
    }

    @Test
    void a_single_page_costs_nothing_more() {
        assertThat(read(0)).isFalse();
        assertThat(read(500)).isFalse();
        assertThat(begun).isEmpty();
    }

    @Test
    void who_comes_for_a_second_page_is_read_ahead_for_from_there_on() {
        read(0);
        for (int page = 1; page < 50; page++) {
            assertThat(read(page * PAGE)).isTrue();
        }
        assertThat(begun).containsExactly(at(PAGE));
        assertThat(calls).hasSizeLessThan(25);
    }

    @Test
    void who_comes_late_goes_on_by_himself() {
        read(0);
        nanos.addAndGet(ReadAhead.SOON.toNanos());
        assertThat(read(10)).isTrue();
        read(500);
        nanos.addAndGet(ReadAhead.SOON.toNanos() + 1);
        assertThat(read(510)).isFalse();
    }

    @Test
    void who_takes_a_page_a_second_gets_all_of_them_and_little_is_read_in_vain() {
        read(0);
        for (int page = 1; page < 50; page++) {
            nanos.addAndGet(ReadAhead.SOON.toNanos());
            assertThat(read(page * PAGE)).isTrue();
        }
        nanos.addAndGet(Prefetch.FRESH.toNanos() + 1);
        assertThat(calls.get(calls.size() - 1).bound().low()).isLessThanOrEqualTo(50 * PAGE);
        assertThat(read(50 * PAGE)).isFalse();
    }

    @Test
    void what_was_read_is_given_once_and_only_for_the_same_request() {
        read(0);
        read(10);
        assertThat(ahead.page(LogRead.after(new Position(20, 20), 11))).isNull();
        assertThat(ahead.page(LogRead.before(new Position(20, 20), PAGE))).isNull();
        assertThat(ahead.page(at(20))).isNotNull();
        assertThat(ahead.page(at(20))).isNull();
    }

    @Test
    void two_readers_at_one_place_do_not_disturb_each_other() {
        read(0);
        read(1_000);
        read(10);
        assertThat(read(20)).isTrue();
        // The second reader comes from elsewhere to where the first one is.
        ahead.served(at(20));
        assertThat(read(20)).isTrue();
        assertThat(begun).containsExactly(at(10), at(20));
        assertThat(read(30)).isTrue();
        assertThat(read(30)).as("only one of both is held").isFalse();
    }

    private void holdAsManyAsMayBe() {
        for (int reader = 0; reader < ReadAhead.MOST; reader++) {
            read(reader * 1_000);
            assertThat(read(reader * 1_000 + PAGE)).isTrue();
        }
    }

    @Test
    void there_is_room_for_a_few_readers() {
        holdAsManyAsMayBe();
        read(50_000);
        assertThat(read(50_010)).isFalse();
        assertThat(begun).hasSize(ReadAhead.MOST);
        assertThat(read(2 * PAGE)).as("a reader who has room keeps it").isTrue();
    }

    @Test
    void who_went_away_makes_room() {
        holdAsManyAsMayBe();
        nanos.addAndGet(Prefetch.FRESH.toNanos());
        read(50_000);
        assertThat(read(50_010)).isFalse();
        nanos.incrementAndGet();
        assertThat(read(50_020)).isTrue();
        assertThat(read(2 * PAGE)).as("it is too old").isFalse();
    }

    @Test
    void a_reader_whose_page_is_being_read_has_its_room() {
        List<ReadAhead> one = new ArrayList<>();
        List<LogRead> others = new ArrayList<>();
        ReadAhead full = new ReadAhead(
                read -> new Prefetch(
                        read,
                        (from, events, enough) -> {
                            // While this one waits, others come.
                            for (int other = 0; other < 2 * ReadAhead.MOST && others.size() < ReadAhead.MOST; other++) {
                                LogRead next = at(from.bound().low() + 1_000 * (other + 1));
                                others.add(next);
                                one.get(0).served(next);
                                one.get(0).page(next);
                            }
                            begun.add(from);
                            return CompletableFuture.completedFuture(End.OF_THE_LOG);
                        },
                        Duration.ofSeconds(60),
                        nanos::get),
                nanos::get);
        one.add(full);
        full.served(at(0));
        full.page(at(0));
        assertThat(begun).hasSizeLessThanOrEqualTo(ReadAhead.MOST);
        full.served(at(7));
        full.page(at(7));
        assertThat(begun)
                .as("all rooms are free again")
                .last()
                .extracting(LogRead::bound)
                .isEqualTo(new Position(7, 7));
    }
}
