package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.StoreUnavailable;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionStatus;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Closing, outages and what can be seen from outside: rules S-06, S-07 and S-08. */
interface SubscriptionLifeChecks {

    private static void await(CountDownLatch latch, TckContext tck) throws InterruptedException {
        assertThat(latch.await(tck.patience().toMillis(), TimeUnit.MILLISECONDS))
                .as("what the kit's handler waited for came in time")
                .isTrue();
    }

    @Test
    default void s06_closing_waits_for_the_call_that_runs(TckContext tck) throws Exception {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 2);
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            AtomicInteger left = new AtomicInteger();
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), event -> {
                entered.countDown();
                await(leave, tck);
                left.incrementAndGet();
            });
            await(entered, tck);
            AtomicReference<Thread> closer = new AtomicReference<>();
            CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> {
                closer.set(Thread.currentThread());
                subscription.close();
                return left.get();
            });
            tck.eventually("close waits", () -> {
                Thread thread = closer.get();
                return thread != null && thread.getState() == Thread.State.WAITING;
            });
            leave.countDown();
            assertThat(closed.get(tck.patience().toMillis(), TimeUnit.MILLISECONDS))
                    .isEqualTo(1);
            assertThat(left).as("calls in all").hasValue(1);
        }
    }

    @Test
    default void s06_after_close_has_returned_no_call_begins(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            AtomicBoolean late = new AtomicBoolean();
            for (int round = 0; round < tck.rounds(); round++) {
                AtomicBoolean closed = new AtomicBoolean();
                Subscription subscription = fixture.store()
                        .subscribe(fixture.ephemeral(), event -> late.compareAndSet(false, closed.get()));
                fixture.append("a", 1 + tck.random().nextInt(3));
                subscription.close();
                closed.set(true);
                fixture.append("a", 1);
                fixture.trouble().inventSignal();
            }
            Subscription last = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            fixture.awaitPosition(last, fixture.append("a", 1));
            assertThat(late).as("a call began after close had returned").isFalse();
        }
    }

    @Test
    default void s06_closing_from_inside_the_handler_returns_and_no_call_follows(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            CompletableFuture<Subscription> self = new CompletableFuture<>();
            Subscription first = fixture.store().subscribe(fixture.durable(), event -> {
                fixture.remember(event);
                self.join().close();
            });
            self.complete(first);
            fixture.append("a", 3);
            fixture.awaitState(first, State.CLOSED);
            first.close();
            assertThat(fixture.seenNames()).containsExactly("a@1");
            Subscription next = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(next, fixture.append("a", 1));
            assertThat(fixture.seenNames()).containsExactly("a@1", "a@2", "a@3", "a@4");
        }
    }

    @Test
    default void s06_a_closed_store_has_closed_its_subscriptions(TckContext tck) {
        SubscriptionFixture fixture = new SubscriptionFixture(tck);
        Subscription subscription = fixture.store().subscribe(fixture.durable(), fixture.remember());
        fixture.awaitPosition(subscription, fixture.append("a", 1));
        fixture.close();
        assertThat(subscription.status().state()).isEqualTo(State.CLOSED);
        assertThatThrownBy(() -> fixture.store().subscribe(fixture.durable(), fixture.remember()))
                .isInstanceOf(StoreClosed.class);
        Subscription next = tck.store().subscribe(fixture.durable(), fixture.remember());
        fixture.awaitPosition(next, fixture.append("a", 1));
        next.close();
        assertThat(fixture.seenNames()).containsExactly("a@1", "a@2");
    }

    @Test
    default void s07_an_outage_while_live_is_survived(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription subscription = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("a", 2));
            fixture.trouble().goAway();
            fixture.append("a", 2);
            fixture.awaitState(subscription, State.DISCONNECTED);
            assertThat(subscription.status().lastError()).isInstanceOf(StoreUnavailable.class);
            fixture.trouble().comeBack();
            fixture.awaitPosition(subscription, fixture.append("a", 2));
            fixture.awaitState(subscription, State.LIVE);
            assertThat(subscription.status().lastError()).isNull();
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s07_an_outage_at_the_start_is_survived(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 2);
            fixture.trouble().goAway();
            Subscription subscription = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitState(subscription, State.DISCONNECTED);
            fixture.trouble().comeBack();
            fixture.awaitPosition(subscription, fixture.append("a", 2));
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s07_outages_in_the_middle_of_a_page_repeat_nothing(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = fixture.append("a", 9);
            Subscription subscription = fixture.store().subscribe(fixture.durable(), event -> {
                fixture.remember(event);
                if (event.version() % 3 == 0) {
                    fixture.trouble().goAway();
                }
            });
            for (int outage = 0; outage < 3; outage++) {
                fixture.awaitState(subscription, State.DISCONNECTED);
                fixture.trouble().comeBack();
                long handled = 3L * (outage + 1);
                tck.eventually(
                        "it goes on",
                        () -> subscription.status().handled() > handled
                                || subscription.status().state() == State.LIVE);
            }
            fixture.awaitPosition(subscription, last);
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s08_position_head_and_lag_tell_how_far_behind_it_is(TckContext tck) throws Exception {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Position last = fixture.append("a", 3);
            Subscription subscription = fixture.store().subscribe(fixture.durable(), event -> {
                entered.countDown();
                await(leave, tck);
            });
            await(entered, tck);
            SubscriptionStatus behind = subscription.status();
            assertThat(behind.state()).isEqualTo(State.CATCHING_UP);
            assertThat(behind.position()).isLessThan(last);
            assertThat(behind.head()).isGreaterThanOrEqualTo(last);
            assertThat(behind.lag()).isPositive();
            assertThat(behind.handled()).isZero();
            leave.countDown();
            fixture.awaitPosition(subscription, last);
            fixture.awaitState(subscription, State.LIVE);
            SubscriptionStatus live = subscription.status();
            assertThat(live.position()).isGreaterThanOrEqualTo(last);
            assertThat(live.head()).isGreaterThanOrEqualTo(last);
            assertThat(live.lag()).isZero();
            assertThat(live.handled()).isEqualTo(3);
            assertThat(live.name()).isEqualTo(fixture.name());
        }
    }

    @Test
    default void s08_a_failing_handler_shows_in_state_and_last_error(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 1);
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), event -> {
                throw new IllegalStateException("the kit's handler fails");
            });
            fixture.awaitState(subscription, State.RETRYING);
            assertThat(subscription.status().lastError()).hasMessage("the kit's handler fails");
            assertThat(subscription.status().lag()).isPositive();
            assertThat(subscription.status().handled()).isZero();
        }
    }

    @Test
    default void s08_a_position_that_is_not_reached_is_waited_for_as_long_as_was_said(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            Position last = fixture.append("a", 1);
            fixture.awaitPosition(subscription, last);
            assertThat(subscription.awaitPosition(Position.END, Duration.ofMillis(20)))
                    .isFalse();
            subscription.close();
            assertThat(subscription.awaitPosition(Position.END, tck.patience())).isFalse();
            assertThat(subscription.awaitPosition(last, Duration.ZERO)).isTrue();
        }
    }
}
