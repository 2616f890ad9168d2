package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the tail reads, by a clock that goes on only when the test says so. */
@Timeout(60)
class TailPaceTest {

    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(-1));
    private final TailPace pace = new TailPace(now::get);

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** Has a thread wait for its time to read. */
    private CompletableFuture<Void> rest() {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<Void> rest = CompletableFuture.runAsync(() -> {
            begun.set(true);
            try {
                pace.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        while (!begun.get()) {
            Thread.onSpinWait();
        }
        return rest;
    }

    /** Longer than a rest of the real time would be, which is over long before. */
    private static void requireAtRest(CompletableFuture<Void> rest) throws InterruptedException {
        Thread.sleep(3 * TailPace.QUIET_MILLIS);
        assertThat(rest).isNotDone();
    }

    @Test
    void nothing_of_our_own_has_come_so_the_tail_reads_without_a_pause() throws InterruptedException {
        pace.await();
        pace.await();
    }

    @Test
    void it_rests_behind_a_record_of_our_own_until_it_has_been_quiet_for_a_while() throws Exception {
        pace.followed();
        CompletableFuture<Void> rest = rest();
        pass(TailPace.QUIET_MILLIS - 1);
        requireAtRest(rest);
        pass(1);
        rest.get();
    }

    @Test
    void records_of_our_own_that_follow_one_another_prolong_the_rest_but_not_for_ever() throws Exception {
        pace.followed();
        CompletableFuture<Void> rest = rest();
        requireAtRest(rest);
        for (long passed = 0; passed < TailPace.LONGEST_MILLIS - 1; passed++) {
            pass(1);
            pace.followed();
        }
        requireAtRest(rest);
        pass(1);
        pace.followed();
        rest.get();
    }

    @Test
    void a_need_ends_a_rest_at_once_and_the_next_rest_is_one_again() throws Exception {
        pace.followed();
        CompletableFuture<Void> rest = rest();
        requireAtRest(rest);
        pace.needNow();
        rest.get();
        CompletableFuture<Void> next = rest();
        requireAtRest(next);
        pace.needNow();
        next.get();
    }

    @Test
    void a_need_that_comes_before_the_rest_is_not_forgotten() throws Exception {
        pace.followed();
        pace.needNow();
        pace.await();
    }
}
