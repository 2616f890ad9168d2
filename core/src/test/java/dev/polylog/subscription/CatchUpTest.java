package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CatchUpTest {

    private final World world = new World();
    private final List<RecordedEvent> seen = new ArrayList<>();

    private List<UUID> seenIds() {
        return seen.stream().map(RecordedEvent::id).toList();
    }

    private List<String> seenTypes() {
        return seen.stream().map(RecordedEvent::type).toList();
    }

    @Test
    void what_was_there_comes_first_and_what_is_appended_follows_without_time_passing() {
        world.append("A-1", 2500);
        Subscription subscription = world.store.subscribe(SubscriptionOptions.ephemeral(), seen::add);
        world.time.runDue();
        assertThat(seenIds()).isEqualTo(world.idsInLog());
        world.append("A-1", 3);
        world.time.runDue();
        assertThat(seenIds()).hasSize(2503).isEqualTo(world.idsInLog());
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
    }

    @Test
    void a_lost_signal_only_delays_until_the_next_poll() {
        world.store.subscribe(SubscriptionOptions.ephemeral().pollInterval(Duration.ofSeconds(3)), seen::add);
        world.time.runDue();
        world.faults.loseSignals(true);
        world.append("A-1", 2);
        world.pass(Duration.ofMillis(2900));
        assertThat(seen).isEmpty();
        world.pass(Duration.ofMillis(100));
        assertThat(seenIds()).isEqualTo(world.idsInLog());
    }

    @Test
    void a_storm_of_signals_costs_one_read_and_delivers_nothing_twice() {
        world.append("A-1", 5);
        world.store.subscribe(SubscriptionOptions.ephemeral(), seen::add);
        world.time.runDue();
        int before = world.troubled.reads.get();
        for (int i = 0; i < 1000; i++) {
            world.troubled.spuriousSignal();
        }
        world.time.runDue();
        assertThat(world.troubled.reads.get() - before).isEqualTo(1);
        assertThat(seen).hasSize(5);
    }

    @Test
    void an_append_between_the_last_read_and_the_wait_is_not_missed() {
        world.append("A-1", 1);
        int[] left = {3};
        world.troubled.afterRead = slice -> {
            if (slice.atHead() && left[0] > 0) {
                left[0]--;
                world.append("A-1", 1);
            }
        };
        world.store.subscribe(SubscriptionOptions.ephemeral(), seen::add);
        world.time.runDue();
        assertThat(seen).hasSize(4);
    }

    @Test
    void from_the_head_means_what_is_appended_after_the_call() {
        world.append("A-1", "Old");
        world.store.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.head()), seen::add);
        world.append("A-1", "New");
        world.time.runDue();
        assertThat(seenTypes()).containsExactly("New");
    }

    @Test
    void from_the_head_without_a_store_begins_at_the_head_that_is_found_later() {
        world.append("A-1", "Old");
        world.faults.outage(true);
        world.store.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.head()), seen::add);
        world.passSeconds(5);
        world.faults.outage(false);
        world.passSeconds(10);
        world.append("A-1", "New");
        world.time.runDue();
        assertThat(seenTypes()).containsExactly("New");
    }

    @Test
    void after_a_position_means_without_the_event_there() {
        world.append("A-1", "One");
        Position second = world.append("A-1", "Two");
        world.append("A-1", "Three");
        world.store.subscribe(SubscriptionOptions.ephemeral().from(StartFrom.after(second)), seen::add);
        world.time.runDue();
        assertThat(seenTypes()).containsExactly("Three");
    }

    @Test
    void filters_by_category_prefix_and_type_give_what_filtering_by_hand_gives() {
        for (String stream : List.of("A-1", "B-1", "A-22", "AB-1", "A")) {
            world.append(stream, "X");
            world.append(stream, "Y");
        }
        Filter filter = Filter.all().categories("A", "AB").prefix("A-").types("Y");
        world.store.subscribe(SubscriptionOptions.ephemeral().filter(filter), seen::add);
        world.time.runDue();
        assertThat(seen.stream().map(event -> event.stream() + event.type())).containsExactly("A-1Y", "A-22Y");
    }

    @Test
    void a_single_stream_is_that_stream_and_not_those_whose_names_begin_with_its_name() {
        for (String stream : List.of("A-1", "A-11", "A-1", "A-1 ", "B-1")) {
            world.append(stream, "X");
        }
        world.store.subscribe(SubscriptionOptions.ephemeral().stream(StreamId.of("A-1")), seen::add);
        world.time.runDue();
        assertThat(seen.stream().map(event -> event.stream().name())).containsExactly("A-1", "A-1");
    }

    @Test
    void a_single_stream_outside_of_the_filter_gives_nothing() {
        world.append("A-1", "X");
        SubscriptionOptions options = SubscriptionOptions.ephemeral().stream(StreamId.of("A-1"))
                .filter(Filter.all().prefix("B"));
        Subscription subscription = world.store.subscribe(options, seen::add);
        world.time.runDue();
        assertThat(seen).isEmpty();
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
    }

    @Test
    void never_more_events_are_read_ahead_than_may_be_held() {
        world.append("A-1", 100);
        int[] handled = {0};
        int[] most = {0};
        world.store.subscribe(SubscriptionOptions.ephemeral().buffer(7, 1 << 20), event -> {
            most[0] = Math.max(most[0], world.troubled.eventsRead.get() - handled[0]);
            handled[0]++;
        });
        world.time.runDue();
        assertThat(handled[0]).isEqualTo(100);
        assertThat(most[0]).isEqualTo(7);
    }

    @Test
    void a_page_ends_where_its_bytes_reach_the_bound() {
        world.append("A-1", 50);
        int[] handled = {0};
        int[] most = {0};
        world.store.subscribe(SubscriptionOptions.ephemeral().buffer(1000, 20), event -> {
            most[0] = Math.max(most[0], world.troubled.eventsRead.get() - handled[0]);
            handled[0]++;
        });
        world.time.runDue();
        assertThat(handled[0]).isEqualTo(50);
        assertThat(most[0]).isEqualTo(3);
    }

    @Test
    void two_subscriptions_do_not_wait_for_each_other() {
        world.append("A-1", 3);
        List<RecordedEvent> other = new ArrayList<>();
        SubscriptionOptions slow = SubscriptionOptions.ephemeral();
        world.store.subscribe(slow, event -> {
            throw new IllegalStateException("not yet");
        });
        world.store.subscribe(slow, other::add);
        world.time.runDue();
        assertThat(other).hasSize(3);
    }

    @Test
    void a_second_process_gets_live_events_too() {
        EventStore other = world.otherStore();
        other.subscribe(SubscriptionOptions.ephemeral(), seen::add);
        world.time.runDue();
        world.append("A-1", 2);
        world.time.runDue();
        assertThat(seenIds()).isEqualTo(world.idsInLog());
    }
}
