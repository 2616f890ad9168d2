package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.Filter;
import dev.polylog.LogDiverged;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceTest {

    private static final SubscriptionOptions BILLS = SubscriptionOptions.durable("bills");

    private final World world = new World();
    private final List<String> seen = new ArrayList<>();
    private final EventHandler remember = event -> seen.add(event.stream() + "@" + event.version());

    private void requireDiverged(Subscription subscription, String why) {
        world.passSeconds(10);
        assertThat(subscription.status().state()).isEqualTo(State.FAILED);
        assertThat(subscription.status().lastError())
                .isInstanceOf(LogDiverged.class)
                .hasMessageContaining(why);
    }

    private void runAndClose(SubscriptionOptions options) {
        Subscription subscription = world.store.subscribe(options, remember);
        world.passSeconds(5);
        subscription.close();
        seen.clear();
    }

    @Test
    void a_lost_tail_is_noticed_at_the_start() {
        Position kept = world.append("A-1", 3);
        world.append("A-1", 1);
        runAndClose(BILLS);
        world.memory.truncateAfter(kept);
        requireDiverged(world.store.subscribe(BILLS, remember), "the log ends at " + kept);
        assertThat(seen).isEmpty();
    }

    @Test
    void a_lost_tail_that_has_grown_again_is_noticed_at_the_start() {
        Position kept = world.append("A-1", 3);
        Position lost = world.append("A-1", 1);
        runAndClose(BILLS);
        world.memory.truncateAfter(kept);
        world.append("B-1", 5);
        Checkpoint before = world.store.subscriptions().checkpoint("bills").orElseThrow();
        requireDiverged(world.store.subscribe(BILLS, remember), "at " + lost + " the log has event");
        assertThat(seen).isEmpty();
        assertThat(world.store.subscriptions().checkpoint("bills")).contains(before);
    }

    @Test
    void after_a_reset_it_goes_on_in_the_log_as_it_is_now() {
        Position kept = world.append("A-1", 3);
        world.append("A-1", 1);
        runAndClose(BILLS);
        world.memory.truncateAfter(kept);
        world.memory.newEpoch();
        world.append("B-1", 2);
        Checkpoint reset = world.store.subscriptions().reset("bills", StartFrom.after(kept));
        assertThat(world.store.subscriptions().checkpoint("bills")).contains(reset);
        Subscription subscription = world.store.subscribe(BILLS, remember);
        world.passSeconds(10);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        assertThat(seen).containsExactly("B-1@1", "B-1@2");
    }

    @Test
    void a_reset_stops_the_one_that_runs_and_the_next_begins_there() {
        world.append("A-1", 3);
        Subscription running = world.store.subscribe(BILLS, remember);
        world.passSeconds(10);
        seen.clear();
        world.store.subscriptions().reset("bills", StartFrom.beginning());
        world.passSeconds(60);
        assertThat(running.status().lastError()).isInstanceOf(SubscriptionTakenOver.class);
        world.store.subscribe(BILLS, remember);
        world.passSeconds(10);
        assertThat(seen).containsExactly("A-1@1", "A-1@2", "A-1@3");
    }

    @Test
    void a_reset_to_the_head_leaves_out_what_is_there_and_one_beyond_it_is_refused() {
        Position head = world.append("A-1", 3);
        assertThat(world.store.subscriptions().reset("bills", StartFrom.head()).position())
                .isEqualTo(head);
        assertThat(world.store.subscriptions().names()).contains("bills");
        assertThatThrownBy(() -> world.store.subscriptions().reset("bills", StartFrom.after(Position.of(1_000))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("head of the log, " + head);
        world.append("B-1", 1);
        world.store.subscribe(BILLS, remember);
        world.passSeconds(10);
        assertThat(seen).containsExactly("B-1@1");
    }

    @Test
    void a_new_epoch_is_noticed_at_the_start_and_while_running() {
        world.append("A-1", 3);
        Subscription running = world.store.subscribe(SubscriptionOptions.ephemeral(), remember);
        runAndClose(BILLS);
        world.memory.newEpoch();
        requireDiverged(world.store.subscribe(BILLS, remember), "epoch");
        assertThat(running.status().lastError()).isInstanceOf(LogDiverged.class);
        assertThat(seen).isEmpty();
    }

    @Test
    void another_log_is_noticed() {
        world.append("A-1", 3);
        runAndClose(BILLS);
        World other = new World();
        other.append("A-1", 9);
        copyCells(other);
        Subscription subscription = other.store.subscribe(BILLS, remember);
        other.passSeconds(10);
        assertThat(subscription.status().lastError())
                .isInstanceOf(LogDiverged.class)
                .hasMessageContaining("this is log");
        assertThat(seen).isEmpty();
    }

    private void copyCells(World other) {
        Payload value = world.memory
                .cells()
                .get("subscription/bills/checkpoint")
                .orElseThrow()
                .value();
        other.memory.cells().compareAndSet("subscription/bills/checkpoint", 0, value);
    }

    @Test
    void a_tail_lost_during_an_outage_is_noticed_when_the_store_is_back() {
        Position kept = world.append("A-1", 3);
        world.append("A-1", 1);
        Subscription durable = world.store.subscribe(BILLS, remember);
        Subscription ephemeral = world.store.subscribe(SubscriptionOptions.ephemeral(), remember);
        world.passSeconds(5);
        world.faults.outage(true);
        world.passSeconds(5);
        seen.clear();
        world.memory.truncateAfter(kept);
        world.faults.outage(false);
        world.append("B-1", 5);
        requireDiverged(durable, "the log has");
        requireDiverged(ephemeral, "the log has");
        assertThat(seen).isEmpty();
    }

    @Test
    void a_tail_lost_without_an_outage_is_noticed_at_the_next_poll() {
        Position kept = world.append("A-1", 3);
        world.append("A-1", 1);
        Subscription subscription = world.store.subscribe(BILLS.pollInterval(Duration.ofSeconds(1)), remember);
        world.passSeconds(5);
        world.memory.truncateAfter(kept);
        world.passSeconds(1);
        requireDiverged(subscription, "the log ends at " + kept);
    }

    @Test
    void a_tail_of_unwanted_events_that_was_lost_and_has_grown_again_is_noticed() {
        Position kept = world.append("A-1", 3);
        world.append("A-1", 2);
        SubscriptionOptions filtered = BILLS.filter(Filter.all().categories("B"));
        runAndClose(filtered);
        world.memory.truncateAfter(kept);
        world.append("B-1", 5);
        requireDiverged(world.store.subscribe(filtered, remember), "the log has event");
        assertThat(seen).isEmpty();
    }

    @Test
    void closing_right_after_unwanted_events_leaves_a_fingerprint_there() {
        Position kept = world.append("A-1", 3);
        SubscriptionOptions filtered =
                BILLS.filter(Filter.all().categories("B")).checkpoint(Duration.ofDays(1), 1000);
        Subscription first = world.store.subscribe(filtered, remember);
        world.append("A-1", 2);
        world.time.runDue();
        first.close();
        world.memory.truncateAfter(kept);
        world.append("B-1", 5);
        requireDiverged(world.store.subscribe(filtered, remember), "the log has event");
        assertThat(seen).isEmpty();
    }

    @Test
    void a_start_beyond_the_end_of_the_log_is_no_start() {
        world.append("A-1", 3);
        requireDiverged(
                world.store.subscribe(
                        SubscriptionOptions.ephemeral().from(StartFrom.after(Position.of(1000))), remember),
                "ends at");
        requireDiverged(
                world.store.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.after(Position.END)), remember),
                "ends at");
    }

    @Test
    void an_unchanged_log_is_never_called_diverged() {
        world.append("A-1", 3);
        for (int i = 0; i < 5; i++) {
            Subscription subscription = world.store.subscribe(BILLS, remember);
            world.passSeconds(3);
            world.faults.outage(true);
            world.passSeconds(3);
            world.faults.outage(false);
            world.append("A-1", i);
            world.passSeconds(10);
            assertThat(subscription.status().state()).isEqualTo(State.LIVE);
            subscription.close();
        }
        assertThat(seen).hasSize(13);
    }
}
