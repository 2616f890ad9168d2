package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polylog.Filter;
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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which calls are made for a reader, what is held of them, and when no more is. */
@Timeout(120)
class PrefetchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final long NONE = -1;

    private final AtomicLong nanos = new AtomicLong(-5);
    private final List<Call> calls = new ArrayList<>();

    /** A call, which shows what the test wants. */
    private static final class Call {

        private final int events;
        private final Predicate<Shown> enough;
        private final CompletableFuture<End> end = new CompletableFuture<>();
        private long at;

        Call(LogRead read, int events, Predicate<Shown> enough) {
            this.at = read.bound().low();
            this.events = events;
            this.enough = enough;
        }

        /** Shows a page of so many events, and tells whether it was enough. */
        boolean page(int looked, long bytes) {
            at += looked;
            LogSlice slice = new LogSlice(List.of(), new Position(at, at), false);
            return enough.test(new Shown(slice, new Position(at, at), looked, bytes));
        }

        boolean nothing(int looked) {
            at += looked;
            return enough.test(new Shown(null, new Position(at, at), looked, 0));
        }
    }

    private Prefetch prefetch(int maxEvents) {
        LogRead read = LogRead.after(new Position(100, 100), maxEvents);
        return new Prefetch(
                read,
                (from, events, enough) -> {
                    Call call = new Call(from, events, enough);
                    calls.add(call);
                    return call.end;
                },
                LONGEST,
                nanos::get);
    }

    /** A reader who waits for a page that is being read. */
    private static final class Waiting {

        private final AtomicReference<@Nullable LogSlice> taken = new AtomicReference<>();
        private final Thread thread;

        Waiting(Prefetch prefetch) {
            thread = new Thread(() -> taken.set(prefetch.take()), "reader");
            thread.setDaemon(true);
            thread.start();
            await().atMost(PATIENCE).until(() -> thread.getState() == Thread.State.WAITING);
        }

        long page() throws InterruptedException {
            thread.join(PATIENCE.toMillis());
            return end(taken.get());
        }
    }

    private static long end(@Nullable LogSlice slice) {
        return slice == null ? NONE : slice.lookedUpTo().low();
    }

    private Call call(int number) {
        assertThat(calls).hasSize(number);
        return calls.get(number - 1);
    }

    /** One whose reader has got its first page; the rest of the first call is held. */
    private Prefetch begun(int maxEvents) throws InterruptedException {
        Prefetch prefetch = prefetch(maxEvents);
        Waiting first = new Waiting(prefetch);
        for (int page = 0; page < Prefetch.FIRST_PAGES; page++) {
            assertThat(call(1).page(maxEvents, maxEvents)).isFalse();
        }
        call(1).end.complete(End.OF_THE_CALL);
        assertThat(first.page()).isEqualTo(100 + maxEvents);
        return prefetch;
    }

    @Test
    void the_first_call_is_made_for_who_comes_and_shows_a_few_pages() {
        Prefetch prefetch = prefetch(10);
        assertThat(calls).isEmpty();
        new Waiting(prefetch);
        assertThat(call(1).events).isEqualTo(30);
        assertThat(call(1).at).isEqualTo(100);
    }

    @Test
    void a_page_is_there_while_its_call_goes_on() throws Exception {
        Waiting reader = new Waiting(prefetch(10));
        call(1).page(10, 10);
        assertThat(reader.page()).isEqualTo(110);
        assertThat(calls).hasSize(1);
    }

    @Test
    void the_next_call_is_made_when_half_is_taken() throws Exception {
        Prefetch prefetch = begun(10);
        assertThat(calls).hasSize(1);
        assertThat(end(prefetch.take())).isEqualTo(120);
        assertThat(call(2).at).isEqualTo(130);
        assertThat(call(2).events)
                .as("for who takes no faster than the server shows")
                .isEqualTo(30);
        assertThat(end(prefetch.take())).isEqualTo(130);
        assertThat(calls).as("one call at a time").hasSize(2);
    }

    @Test
    void who_waits_gets_longer_calls() throws Exception {
        Prefetch prefetch = prefetch(10);
        int expected = 30;
        for (int call = 1; call <= 13; call++) {
            Waiting reader = new Waiting(prefetch);
            assertThat(call(call).events).isEqualTo(expected);
            call(call).page(10, 10);
            reader.page();
            Waiting second = new Waiting(prefetch);
            call(call).page(10, 10);
            call(call).end.complete(End.OF_THE_CALL);
            second.page();
            expected = Math.min(2 * expected, Prefetch.MOST_OF_A_CALL);
        }
        assertThat(expected).isEqualTo(Prefetch.MOST_OF_A_CALL);
    }

    @Test
    void a_page_is_no_larger_than_may_be() {
        AtomicReference<LogRead> asked = new AtomicReference<>();
        LogRead large = LogRead.after(Position.START, 100_000);
        Prefetch prefetch = new Prefetch(
                large,
                (from, events, enough) -> {
                    asked.set(from);
                    return CompletableFuture.completedFuture(End.OF_THE_LOG);
                },
                LONGEST,
                nanos::get);
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(asked.get().maxEvents()).isEqualTo(Prefetch.PAGE);
        assertThat(asked.get().maxBytes()).isEqualTo(Prefetch.PAGE_BYTES);
    }

    @Test
    void a_call_is_broken_off_when_as_many_events_are_held_as_may_be() throws Exception {
        Prefetch prefetch = begun(512);
        prefetch.take();
        Call call = call(2);
        for (int held = 512; held < Prefetch.MOST_EVENTS - 512; held += 512) {
            assertThat(call.page(512, 512)).isFalse();
        }
        assertThat(call.page(512, 512)).isTrue();
        call.end.complete(End.BROKEN_OFF);
        int pages = 8;
        for (; pages > 2; pages--) {
            assertThat(calls).as(pages + " pages are held").hasSize(2);
            assertThat(end(prefetch.take())).isNotEqualTo(NONE);
        }
        assertThat(call(3).at).isEqualTo(call.at);
        assertThat(call(3).events).as("as many as there is room for").isEqualTo(Prefetch.MOST_EVENTS / 2);
    }

    @Test
    void a_call_is_broken_off_when_as_many_bytes_are_held_as_may_be() throws Exception {
        Prefetch prefetch = begun(10);
        prefetch.take();
        assertThat(call(2).page(20, 10)).isFalse();
        assertThat(call(2).page(2, Prefetch.MOST_BYTES)).isTrue();
        call(2).end.complete(End.BROKEN_OFF);
        prefetch.take();
        prefetch.take();
        assertThat(calls).as("few events are held, but many bytes").hasSize(2);
        assertThat(end(prefetch.take())).isEqualTo(152);
        assertThat(call(3).events).isEqualTo(16);
    }

    @Test
    void a_call_that_goes_on_for_long_is_broken_off_and_the_next_one_goes_on() throws Exception {
        Waiting reader = new Waiting(prefetch(10));
        nanos.addAndGet(LONGEST.toNanos());
        assertThat(call(1).nothing(5)).isFalse();
        nanos.incrementAndGet();
        assertThat(call(1).nothing(5)).isTrue();
        call(1).end.complete(End.BROKEN_OFF);
        assertThat(call(2).at).isEqualTo(110);
        call(2).page(10, 10);
        assertThat(reader.page()).isEqualTo(120);
    }

    @Test
    void what_is_too_old_is_given_to_nobody() throws Exception {
        Prefetch prefetch = begun(10);
        nanos.addAndGet(Prefetch.FRESH.toNanos());
        assertThat(end(prefetch.take())).isEqualTo(120);
        Call call = call(2);
        nanos.incrementAndGet();
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(call.page(10, 10)).as("nobody takes it").isTrue();
        call.end.complete(End.BROKEN_OFF);
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(calls).hasSize(2);
    }

    @Test
    void at_the_end_of_the_log_it_ends() throws Exception {
        Prefetch prefetch = prefetch(10);
        Waiting reader = new Waiting(prefetch);
        call(1).page(10, 10);
        call(1).page(3, 3);
        call(1).end.complete(End.OF_THE_LOG);
        assertThat(reader.page()).isEqualTo(110);
        assertThat(end(prefetch.take())).isEqualTo(113);
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(calls).hasSize(1);
    }

    @Test
    void with_a_failure_it_ends_but_what_is_held_is_given() throws Exception {
        Prefetch prefetch = prefetch(10);
        Waiting reader = new Waiting(prefetch);
        call(1).page(10, 10);
        call(1).page(10, 10);
        assertThat(reader.page()).isEqualTo(110);
        call(1).end.completeExceptionally(new IllegalStateException("lost"));
        assertThat(end(prefetch.take())).isEqualTo(120);
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(calls).hasSize(1);
    }

    @Test
    void who_waits_for_a_call_that_fails_is_told() throws Exception {
        Waiting reader = new Waiting(prefetch(10));
        call(1).end.completeExceptionally(new IllegalStateException("lost"));
        assertThat(reader.page()).isEqualTo(NONE);
    }

    @Test
    void what_is_no_event_of_the_log_is_passed_over_for_who_waits_and_counts_for_who_does_not() throws Exception {
        Prefetch prefetch = prefetch(512);
        Waiting reader = new Waiting(prefetch);
        for (int page = 0; page < 20; page++) {
            assertThat(call(1).nothing(512)).isFalse();
        }
        call(1).page(512, 512);
        assertThat(reader.page()).isEqualTo(100 + 21 * 512);
        for (int page = 1; page < Prefetch.MOST_EVENTS / 512; page++) {
            assertThat(call(1).nothing(512)).isFalse();
        }
        assertThat(call(1).nothing(512)).isTrue();
        call(1).end.complete(End.BROKEN_OFF);
        assertThat(calls).as("nobody waits").hasSize(1);
        Waiting second = new Waiting(prefetch);
        assertThat(call(2).at).isEqualTo(100 + 29 * 512);
        call(2).page(512, 512);
        assertThat(second.page()).isEqualTo(100 + 30 * 512);
    }

    @Test
    void who_is_interrupted_waits_no_longer() throws Exception {
        Prefetch prefetch = prefetch(10);
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            LogSlice slice = prefetch.take();
            interrupted.set(slice == null && Thread.currentThread().isInterrupted());
        });
        reader.start();
        await().atMost(PATIENCE).until(() -> reader.getState() == Thread.State.WAITING);
        reader.interrupt();
        reader.join(PATIENCE.toMillis());
        assertThat(interrupted.get()).isTrue();
        assertThat(call(1).page(10, 10)).as("nobody takes it").isTrue();
    }

    @Test
    void a_filtered_call_looks_at_many_events_for_a_page() {
        LogRead read = LogRead.after(Position.START, 10).withFilter(Filter.all().prefix("s"));
        Prefetch prefetch = new Prefetch(
                read,
                (from, events, enough) -> {
                    calls.add(new Call(from, events, enough));
                    return CompletableFuture.completedFuture(End.OF_THE_LOG);
                },
                LONGEST,
                nanos::get);
        assertThat(end(prefetch.take())).isEqualTo(NONE);
        assertThat(call(1).events).isEqualTo(Prefetch.FIRST_PAGES * 1_024);
    }
}
