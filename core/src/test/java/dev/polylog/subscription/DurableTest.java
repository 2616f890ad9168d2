package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.subscription.SubscriptionStatus.State;
import dev.polylog.subscription.TroubledBackend.CellTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurableTest {

    private static final SubscriptionOptions BILLS = SubscriptionOptions.durable("bills");

    private final World world = new World();
    private final List<UUID> seen = new ArrayList<>();
    private final EventHandler remember = event -> seen.add(event.id());

    private Position saved() {
        return world.store.subscriptions().checkpoint("bills").orElseThrow().position();
    }

    @Test
    void a_closed_subscription_goes_on_where_it_was() {
        world.append("A-1", 5);
        Subscription first = world.store.subscribe(BILLS, remember);
        world.time.runDue();
        first.close();
        world.append("A-1", 3);
        world.store.subscribe(BILLS, remember);
        world.time.runDue();
        assertThat(seen).isEqualTo(world.idsInLog());
    }

    @Test
    void the_start_only_counts_where_there_is_no_checkpoint() {
        world.append("A-1", 5);
        Subscription first = world.store.subscribe(BILLS, remember);
        world.time.runDue();
        first.close();
        world.store.subscribe(BILLS.from(StartFrom.head()), remember);
        world.append("A-1", 1);
        world.store.subscribe(SubscriptionOptions.durable("other").from(StartFrom.head()), remember);
        world.time.runDue();
        assertThat(seen).isEqualTo(world.idsInLog());
    }

    @Test
    void a_start_at_the_head_is_kept_although_nothing_was_handled() {
        world.append("A-1", 2);
        Subscription first = world.store.subscribe(BILLS.from(StartFrom.head()), remember);
        world.time.runDue();
        first.close();
        world.append("A-1", 1);
        world.store.subscribe(BILLS.from(StartFrom.head()), remember);
        world.time.runDue();
        assertThat(seen).containsExactly(world.idsInLog().get(2));
    }

    @Test
    void the_checkpoint_is_saved_after_so_many_events_and_never_ahead_of_a_handled_one() {
        Position last = world.append("A-1", 10);
        List<Position> handled = new ArrayList<>();
        List<Position> saves = new ArrayList<>();
        world.store.subscribe(BILLS.checkpoint(Duration.ofDays(1), 3), event -> {
            saves.add(saved());
            handled.add(event.position());
        });
        world.time.runDue();
        assertThat(handled).hasSize(10).endsWith(last);
        Position none = Position.START;
        assertThat(saves)
                .containsExactly(
                        none,
                        none,
                        none,
                        handled.get(2),
                        handled.get(2),
                        handled.get(2),
                        handled.get(5),
                        handled.get(5),
                        handled.get(5),
                        handled.get(8));
        assertThat(saved()).isEqualTo(handled.get(8));
    }

    @Test
    void the_checkpoint_is_saved_after_some_time_without_a_further_event() {
        world.store.subscribe(
                BILLS.checkpoint(Duration.ofSeconds(2), 1000).pollInterval(Duration.ofHours(1)), remember);
        world.time.runDue();
        Position last = world.append("A-1", 3);
        world.pass(Duration.ofMillis(1900));
        assertThat(saved()).isEqualTo(Position.START);
        world.pass(Duration.ofMillis(100));
        assertThat(saved()).isEqualTo(last);
    }

    @Test
    void an_interval_of_zero_saves_after_each_event() {
        world.append("A-1", 4);
        List<Position> before = new ArrayList<>();
        List<Position> handled = new ArrayList<>();
        world.store.subscribe(BILLS.checkpoint(Duration.ZERO, 1000), event -> {
            before.add(saved());
            handled.add(event.position());
        });
        world.time.runDue();
        assertThat(before.subList(1, 4)).isEqualTo(handled.subList(0, 3));
    }

    @Test
    void the_checkpoint_moves_over_events_that_are_not_wanted_and_keeps_a_fingerprint_there() {
        world.store.subscribe(BILLS.filter(Filter.all().categories("B")), remember);
        Position last = world.append("A-1", 7);
        world.passSeconds(3);
        Checkpoint checkpoint = world.store.subscriptions().checkpoint("bills").orElseThrow();
        assertThat(checkpoint.position()).isEqualTo(last);
        assertThat(checkpoint.lastEventPosition()).isEqualTo(last);
        assertThat(checkpoint.lastEventId()).isEqualTo(world.idsInLog().get(6));
        assertThat(seen).isEmpty();
    }

    @Test
    void a_busy_log_without_wanted_events_is_saved_once_in_an_interval_only() {
        world.store.subscribe(
                BILLS.filter(Filter.all().categories("B")).checkpoint(Duration.ofSeconds(10), 1), remember);
        world.time.runDue();
        int before = world.troubled.cellWrites.get();
        for (int i = 0; i < 200; i++) {
            world.append("A-1", 1);
            world.pass(Duration.ofMillis(100));
        }
        assertThat(world.troubled.cellWrites.get() - before).isEqualTo(2);
    }

    @Test
    void a_checkpoint_at_rest_is_not_written_again() {
        world.append("A-1", 7);
        world.store.subscribe(BILLS, remember);
        world.passSeconds(5);
        int before = world.troubled.cellWrites.get();
        world.passSeconds(100);
        assertThat(world.troubled.cellWrites.get()).isEqualTo(before);
    }

    @Test
    void who_is_replaced_by_another_run_stops_before_its_next_event_and_overwrites_nothing() {
        world.append("A-1", 1);
        Subscription old = world.store.subscribe(BILLS.checkpoint(Duration.ZERO, 1), remember);
        world.time.runDue();
        EventStore other = world.otherStore();
        List<RecordedEvent> others = new ArrayList<>();
        Subscription young = other.subscribe(BILLS.checkpoint(Duration.ZERO, 1), others::add);
        world.time.runDue();
        world.append("A-1", 3);
        world.passSeconds(10);
        assertThat(old.status().state()).isEqualTo(State.FAILED);
        assertThat(old.status().lastError())
                .isInstanceOf(SubscriptionTakenOver.class)
                .hasMessageContaining("bills");
        assertThat(seen).hasSizeLessThanOrEqualTo(2);
        assertThat(others).hasSize(3);
        assertThat(young.status().state()).isEqualTo(State.LIVE);
        assertThat(saved()).isEqualTo(young.status().position());
    }

    @Test
    void who_is_replaced_while_nothing_happens_notices_at_its_next_poll() {
        Subscription old = world.store.subscribe(BILLS, remember);
        world.time.runDue();
        world.otherStore().subscribe(BILLS, event -> {});
        world.passSeconds(1);
        assertThat(old.status().lastError()).isInstanceOf(SubscriptionTakenOver.class);
    }

    @Test
    void a_name_runs_once_in_a_store() {
        Subscription first = world.store.subscribe(BILLS, remember);
        assertThatThrownBy(() -> world.store.subscribe(BILLS, remember))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("bills")
                .hasMessageContaining("close");
        first.close();
        world.store.subscribe(BILLS, remember).close();
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_save_that_fails_is_made_good(CellTrouble trouble) {
        Subscription subscription = world.store.subscribe(BILLS.checkpoint(Duration.ZERO, 1), remember);
        world.time.runDue();
        world.troubled.nextCell = trouble;
        Position last = world.append("A-1", 4);
        world.passSeconds(1);
        assertThat(world.troubled.nextCell).isEqualTo(CellTrouble.NONE);
        assertThat(seen).isEqualTo(world.idsInLog());
        assertThat(saved()).isEqualTo(last);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_start_whose_claim_fails_is_made_good(CellTrouble trouble) {
        world.troubled.troubledCells = "checkpoint";
        world.troubled.nextCell = trouble;
        Position last = world.append("A-1", 4);
        Subscription subscription = world.store.subscribe(BILLS, remember);
        world.passSeconds(3);
        assertThat(world.troubled.nextCell).isEqualTo(CellTrouble.NONE);
        assertThat(seen).isEqualTo(world.idsInLog());
        assertThat(saved()).isEqualTo(last);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
    }

    @Test
    void names_are_listed_sorted_and_only_those_that_remember() {
        world.store.subscribe(SubscriptionOptions.durable("b"), remember);
        world.store.subscribe(SubscriptionOptions.durable("a"), remember);
        world.store.subscribe(SubscriptionOptions.ephemeral(), remember);
        world.time.runDue();
        assertThat(world.store.subscriptions().names()).containsExactly("a", "b");
        assertThat(world.store.subscriptions().checkpoint("c")).isEmpty();
        assertThatThrownBy(() -> world.store.subscriptions().checkpoint("a/b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_full_list_of_names_is_a_clear_error() {
        String filling = "x".repeat(94);
        for (int i = 0; i < 700; i++) {
            Subscription one = world.store.subscribe(SubscriptionOptions.durable(filling + (100_000 + i)), remember);
            world.time.runDue();
            if (one.status().state() == State.FAILED) {
                assertThat(one.status().lastError())
                        .isInstanceOf(SubscriptionLimitReached.class)
                        .hasMessageContaining("65536 bytes");
                assertThat(world.store.subscriptions().names()).hasSize(i).hasSizeGreaterThan(600);
                return;
            }
            one.close();
        }
        throw new AssertionError("700 names of 100 characters do not fit 64 KiB");
    }

    @Test
    void a_checkpoint_of_another_format_is_refused_and_kept() {
        Payload foreign = Payload.utf8("{\"format\":2,\"owner\":\"x\"}");
        world.memory.cells().compareAndSet("subscription/bills/checkpoint", 0, foreign);
        Subscription subscription = world.store.subscribe(BILLS, remember);
        world.append("A-1", 1);
        world.passSeconds(1);
        assertThat(subscription.status().lastError())
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("subscription/bills/checkpoint");
        assertThat(seen).isEmpty();
        assertThat(world.memory
                        .cells()
                        .get("subscription/bills/checkpoint")
                        .orElseThrow()
                        .value())
                .isEqualTo(foreign);
    }
}
