package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class FailureTest {

    private static final SubscriptionOptions BILLS = SubscriptionOptions.durable("bills");

    private final World world = new World();
    private final List<Long> callMillis = new ArrayList<>();
    private final List<Long> versions = new ArrayList<>();

    private EventHandler failing(int times) {
        return event -> {
            callMillis.add(world.time.nanoTime() / 1_000_000);
            versions.add(event.version());
            if (callMillis.size() <= times) {
                throw new IllegalStateException("attempt " + callMillis.size());
            }
        };
    }

    private static Throwable failure(Subscription subscription) {
        AtomicReference<Throwable> found = new AtomicReference<>();
        subscription.ended().whenComplete((nothing, error) -> found.set(error));
        Throwable error = found.get();
        return error instanceof CompletionException ? error.getCause() : error;
    }

    @Test
    void a_failing_handler_is_called_again_after_growing_delays() {
        world.append("A-1", 2);
        FailurePolicy policy = FailurePolicy.stop().retries(6).backoff(Duration.ofMillis(100), Duration.ofSeconds(1));
        Subscription subscription = world.store.subscribe(BILLS.onFailure(policy), failing(6));
        world.time.runDue();
        assertThat(subscription.status().state()).isEqualTo(State.RETRYING);
        assertThat(subscription.status().lastError()).hasMessage("attempt 1");
        world.passSeconds(60);
        assertThat(callMillis).containsExactly(0L, 100L, 300L, 700L, 1500L, 2500L, 3500L, 3500L);
        assertThat(versions).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 1L, 2L);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        assertThat(subscription.status().lastError()).isNull();
        assertThat(subscription.status().handled()).isEqualTo(2);
    }

    @Test
    void signals_do_not_shorten_the_delay() {
        world.append("A-1", 1);
        world.store.subscribe(BILLS, failing(1));
        world.time.runDue();
        for (int i = 0; i < 50; i++) {
            world.troubled.spuriousSignal();
            world.pass(Duration.ofMillis(1));
        }
        assertThat(callMillis).containsExactly(0L);
        world.pass(Duration.ofMillis(50));
        assertThat(callMillis).containsExactly(0L, 100L);
    }

    @Test
    void after_the_last_retry_it_stops_with_the_handlers_error_and_the_next_run_begins_with_that_event() {
        world.append("A-1", 1);
        Position second = world.append("A-1", 2);
        EventHandler handler = event -> {
            versions.add(event.version());
            if (event.version() == 2) {
                throw new IOException("no disk");
            }
        };
        Subscription subscription =
                world.store.subscribe(BILLS.onFailure(FailurePolicy.stop().retries(2)), handler);
        world.passSeconds(60);
        assertThat(versions).containsExactly(1L, 2L, 2L, 2L);
        assertThat(subscription.status().state()).isEqualTo(State.FAILED);
        assertThat(failure(subscription)).isInstanceOf(IOException.class).hasMessage("no disk");
        assertThat(subscription.awaitPosition(second, Duration.ofDays(1))).isFalse();
        assertThat(world.troubled.listenerCount()).isZero();
        world.store.subscribe(BILLS, failing(0));
        world.passSeconds(1);
        assertThat(versions).containsExactly(1L, 2L, 2L, 2L, 2L, 3L);
    }

    @Test
    void an_error_stops_at_once_whatever_the_policy() {
        world.append("A-1", 2);
        Subscription subscription = world.store.subscribe(BILLS.onFailure(FailurePolicy.park()), event -> {
            callMillis.add(0L);
            throw new StackOverflowError("deep");
        });
        world.passSeconds(60);
        assertThat(callMillis).hasSize(1);
        assertThat(subscription.status().state()).isEqualTo(State.FAILED);
        assertThat(failure(subscription)).isInstanceOf(StackOverflowError.class);
        assertThat(world.store.subscriptions().parked("bills")).isEmpty();
    }

    @Test
    void a_store_that_the_handler_cannot_reach_is_a_failure_of_the_handler() {
        world.append("A-1", 1);
        Subscription subscription =
                world.store.subscribe(BILLS.onFailure(FailurePolicy.stop().retries(0)), event -> {
                    throw new StoreUnavailable("another store", null);
                });
        world.passSeconds(60);
        assertThat(failure(subscription)).hasMessage("another store");
    }

    @Test
    void an_outage_is_survived_and_shown() {
        Position first = world.append("A-1", 1);
        List<RecordedEvent> seen = new ArrayList<>();
        Subscription subscription = world.store.subscribe(BILLS, seen::add);
        world.passSeconds(5);
        world.faults.outage(true);
        world.passSeconds(600);
        assertThat(subscription.status().state()).isEqualTo(State.DISCONNECTED);
        assertThat(subscription.status().lastError()).isInstanceOf(StoreUnavailable.class);
        assertThat(subscription.status().position()).isEqualTo(first);
        assertThat(subscription.status().lag()).isGreaterThan(Duration.ofSeconds(590));
        world.faults.outage(false);
        Position last = world.append("A-1", 1);
        world.passSeconds(6);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        assertThat(subscription.status().lastError()).isNull();
        assertThat(subscription.status().lag()).isZero();
        assertThat(subscription.status().position()).isEqualTo(last);
        assertThat(seen).hasSize(2);
    }

    @Test
    void an_outage_at_the_start_and_in_the_middle_of_a_page_repeats_nothing() {
        world.append("A-1", 10);
        world.faults.outage(true);
        Subscription subscription = world.store.subscribe(BILLS.checkpoint(Duration.ZERO, 1), event -> {
            versions.add(event.version());
            world.faults.outage(event.version() % 3 == 0);
        });
        world.passSeconds(60);
        assertThat(subscription.status().state()).isEqualTo(State.DISCONNECTED);
        for (int i = 0; i < 5; i++) {
            world.faults.outage(false);
            world.passSeconds(60);
        }
        assertThat(versions).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(subscription.status().handled()).isEqualTo(10);
    }

    @Test
    void a_store_that_is_away_is_not_asked_all_the_time() {
        world.store.subscribe(BILLS, failing(0));
        world.passSeconds(5);
        world.troubled.troubleRate = 1.1;
        int before = world.troubled.listenerCount();
        List<Long> asked = new ArrayList<>();
        for (int second = 0; second < 60; second++) {
            world.passSeconds(1);
            asked.add((long) world.troubled.troubles.get());
        }
        assertThat(asked.get(59)).isLessThan(40);
        assertThat(world.troubled.listenerCount()).isEqualTo(before);
    }

    @Test
    void lag_is_how_long_it_has_been_behind() {
        world.append("A-1", 1);
        boolean[] broken = {true};
        FailurePolicy patient =
                FailurePolicy.stop().retries(1000).backoff(Duration.ofSeconds(1), Duration.ofSeconds(1));
        Subscription subscription = world.store.subscribe(BILLS.onFailure(patient), event -> {
            if (broken[0]) {
                throw new IllegalStateException("broken");
            }
        });
        world.passSeconds(30);
        Position head = world.append("A-1", 5);
        world.passSeconds(10);
        SubscriptionStatus behind = subscription.status();
        assertThat(behind.lag()).isEqualTo(Duration.ofSeconds(40));
        assertThat(behind.position()).isEqualTo(Position.START);
        assertThat(behind.handled()).isZero();
        broken[0] = false;
        world.passSeconds(2);
        SubscriptionStatus live = subscription.status();
        assertThat(live.lag()).isZero();
        assertThat(live.head()).isEqualTo(head).isEqualTo(live.position());
        assertThat(live.name()).isEqualTo("bills");
    }
}
