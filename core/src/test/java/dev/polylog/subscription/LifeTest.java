package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.StoreClosed;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LifeTest {

    private static final SubscriptionOptions BILLS =
            SubscriptionOptions.durable("bills").checkpoint(Duration.ofDays(1), 1_000_000);

    private final World world = new World();
    private final List<Long> seen = new ArrayList<>();
    private final EventHandler remember = event -> seen.add(event.version());

    @Test
    void closing_ends_it_saves_what_was_handled_and_may_be_repeated() {
        Position last = world.append("A-1", 3);
        Subscription subscription = world.store.subscribe(BILLS, remember);
        world.time.runDue();
        subscription.close();
        subscription.close();
        world.append("A-1", 3);
        world.passSeconds(60);
        assertThat(seen).hasSize(3);
        assertThat(subscription.status().state()).isEqualTo(State.CLOSED);
        assertThat(subscription.ended().toCompletableFuture()).isCompleted();
        assertThat(world.store.subscriptions().checkpoint("bills").orElseThrow().position())
                .isEqualTo(last);
        assertThat(world.troubled.listenerCount()).isZero();
    }

    @Test
    void closing_before_the_first_event_delivers_none() {
        world.append("A-1", 3);
        world.store.subscribe(BILLS, remember).close();
        world.passSeconds(60);
        assertThat(seen).isEmpty();
        assertThat(world.troubled.listenerCount()).isZero();
    }

    @Test
    void closing_from_inside_the_handler_counts_that_event_and_calls_no_more() {
        world.append("A-1", 5);
        AtomicReference<Subscription> self = new AtomicReference<>();
        List<State> inside = new ArrayList<>();
        self.set(world.store.subscribe(BILLS, event -> {
            seen.add(event.version());
            if (event.version() == 2) {
                self.get().close();
                inside.add(self.get().status().state());
            }
        }));
        world.passSeconds(60);
        assertThat(seen).containsExactly(1L, 2L);
        assertThat(inside).doesNotContain(State.CLOSED);
        assertThat(self.get().status().state()).isEqualTo(State.CLOSED);
        world.store.subscribe(BILLS, remember);
        world.passSeconds(60);
        assertThat(seen).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void closing_from_inside_a_handler_that_then_fails_does_not_count_that_event() {
        world.append("A-1", 2);
        AtomicReference<Subscription> self = new AtomicReference<>();
        self.set(world.store.subscribe(BILLS, event -> {
            seen.add(event.version());
            self.get().close();
            throw new IllegalStateException("and now I fail");
        }));
        world.passSeconds(60);
        assertThat(self.get().status().state()).isEqualTo(State.CLOSED);
        world.store.subscribe(BILLS, remember);
        world.passSeconds(60);
        assertThat(seen).containsExactly(1L, 1L, 2L);
    }

    @Test
    void closing_while_a_retry_is_due_or_the_store_is_away_ends_at_once() {
        world.append("A-1", 2);
        Subscription retrying = world.store.subscribe(BILLS, event -> {
            seen.add(event.version());
            throw new IllegalStateException("not yet");
        });
        world.time.runDue();
        retrying.close();
        assertThat(retrying.status().state()).isEqualTo(State.CLOSED);
        Subscription away = world.store.subscribe(BILLS, remember);
        world.faults.outage(true);
        world.passSeconds(3);
        away.close();
        assertThat(away.status().state()).isEqualTo(State.CLOSED);
        world.faults.outage(false);
        world.passSeconds(60);
        assertThat(seen).containsExactly(1L);
    }

    @Test
    void a_final_checkpoint_that_cannot_be_saved_repeats_and_skips_nothing() {
        world.append("A-1", 2);
        Subscription first = world.store.subscribe(BILLS, remember);
        world.time.runDue();
        world.faults.outage(true);
        first.close();
        world.faults.outage(false);
        world.store.subscribe(BILLS, remember);
        world.time.runDue();
        assertThat(seen).containsExactly(1L, 2L, 1L, 2L);
    }

    @Test
    void a_closed_store_has_closed_all_its_subscriptions_and_takes_no_new_ones() {
        EventStore other = world.otherStore();
        Position last = world.append("A-1", 2);
        Subscription one = world.store.subscribe(BILLS, remember);
        Subscription two = world.store.subscribe(SubscriptionOptions.ephemeral(), remember);
        world.time.runDue();
        world.store.close();
        assertThat(one.status().state()).isEqualTo(State.CLOSED);
        assertThat(two.status().state()).isEqualTo(State.CLOSED);
        assertThat(other.subscriptions().checkpoint("bills").orElseThrow().position())
                .isEqualTo(last);
        assertThatThrownBy(() -> world.store.subscribe(BILLS, remember)).isInstanceOf(StoreClosed.class);
    }

    @Test
    void a_store_may_be_closed_from_inside_a_handler() {
        EventStore other = world.otherStore();
        Position first = world.append("A-1", 1);
        world.append("A-1", 1);
        Subscription idle = world.store.subscribe(SubscriptionOptions.durable("idle"), event -> {});
        world.time.runDue();
        Subscription closer = world.store.subscribe(BILLS, event -> {
            seen.add(event.version());
            world.store.close();
        });
        world.passSeconds(5);
        assertThat(seen).containsExactly(1L);
        assertThat(closer.status().state()).isEqualTo(State.CLOSED);
        assertThat(closer.status().position()).isEqualTo(first);
        assertThat(idle.status().state()).isEqualTo(State.CLOSED);
        assertThat(other.subscriptions().names()).containsExactly("bills", "idle");
    }

    @Test
    void a_backend_that_is_closed_below_ends_the_subscription_with_that_error() {
        MemoryBackend backend = MemoryBackend.builder().scheduler(world.time).open();
        Subscription subscription = EventStore.over(backend, world.time).subscribe(BILLS, remember);
        world.passSeconds(1);
        backend.close();
        world.passSeconds(5);
        assertThat(subscription.status().lastError()).isInstanceOf(StoreClosed.class);
        assertThat(subscription.ended().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void a_position_that_is_reached_is_not_waited_for_and_one_that_is_not_only_so_long() {
        Position last = world.append("A-1", 2);
        Subscription subscription = world.store.subscribe(BILLS, remember);
        assertThat(subscription.awaitPosition(last, Duration.ofMillis(5))).isFalse();
        world.time.runDue();
        assertThat(subscription.awaitPosition(last, Duration.ZERO)).isTrue();
        assertThat(subscription.awaitPosition(last, Duration.ofSeconds(Long.MAX_VALUE)))
                .isTrue();
        subscription.close();
        assertThat(subscription.awaitPosition(Position.of(1000), Duration.ofDays(1)))
                .isFalse();
    }
}
