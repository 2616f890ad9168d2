package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.SubscriptionStatus.State;
import dev.polylog.subscription.TroubledBackend.CellTrouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParkingTest {

    private static final SubscriptionOptions BILLS = SubscriptionOptions.durable("bills")
            .onFailure(FailurePolicy.park().retries(1))
            .pollInterval(Duration.ofSeconds(2));

    private final World world = new World();
    private final List<String> handled = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();

    private void handle(RecordedEvent event) {
        String name = nameOf(event.stream(), event.version());
        if (broken.contains(name)) {
            throw new IllegalStateException("cannot do " + name);
        }
        handled.add(name);
    }

    private static String nameOf(StreamId stream, long version) {
        return stream + "@" + version;
    }

    private List<String> parked() {
        return world.store.subscriptions().parked("bills").stream()
                .map(event -> nameOf(event.stream(), event.version()))
                .toList();
    }

    private void appendMixed() {
        for (String stream : List.of("A-1", "B-1", "A-1", "B-1", "A-1")) {
            world.append(stream, 1);
        }
    }

    @Test
    void an_event_that_fails_is_parked_with_the_later_ones_of_its_stream_and_the_rest_goes_on() {
        appendMixed();
        broken.add("A-1@2");
        Subscription subscription = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        assertThat(handled).containsExactly("A-1@1", "B-1@1", "B-1@2");
        assertThat(parked()).containsExactly("A-1@2", "A-1@3");
        assertThat(subscription.status().parked()).isEqualTo(2);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        ParkedEvent first = world.store.subscriptions().parked("bills").get(0);
        assertThat(first.error()).isEqualTo("java.lang.IllegalStateException: cannot do A-1@2");
        assertThat(first.parkedAt()).isEqualTo(world.time.now().minusMillis(4900));
        assertThat(first.replayRequested()).isFalse();
        ParkedEvent second = world.store.subscriptions().parked("bills").get(1);
        assertThat(second.error()).contains("earlier event of the stream");
        assertThat(second.eventId()).isEqualTo(world.idsInLog().get(4));
    }

    @Test
    void a_replay_hands_parked_events_over_in_order_and_frees_the_stream() {
        appendMixed();
        broken.add("A-1@1");
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        handled.clear();
        assertThat(world.store.subscriptions().replay("bills")).isEqualTo(3);
        world.append("A-1", 1);
        world.time.runDue();
        assertThat(handled).containsExactly("A-1@1", "A-1@2", "A-1@3", "A-1@4");
        assertThat(parked()).isEmpty();
    }

    @Test
    void a_replay_of_one_event_asks_for_the_earlier_ones_of_its_stream_too() {
        appendMixed();
        broken.addAll(Set.of("A-1@1", "B-1@1"));
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        Position second = world.store.subscriptions().parked("bills").get(2).position();
        assertThat(world.store.subscriptions().replay("bills", second)).isEqualTo(2);
        world.time.runDue();
        assertThat(handled).containsExactly("A-1@1", "A-1@2");
        assertThat(parked()).containsExactly("B-1@1", "B-1@2", "A-1@3");
        world.append("A-1", 1);
        world.time.runDue();
        assertThat(parked()).endsWith("A-1@3", "A-1@4");
    }

    @Test
    void a_replay_that_fails_keeps_the_event_with_its_new_error_and_does_not_go_past_it() {
        appendMixed();
        broken.add("A-1@1");
        Subscription subscription = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        broken.add("A-1@2");
        handled.clear();
        world.store.subscriptions().replay("bills");
        world.passSeconds(5);
        assertThat(handled).containsExactly("A-1@1");
        assertThat(parked()).containsExactly("A-1@2", "A-1@3");
        List<ParkedEvent> left = world.store.subscriptions().parked("bills");
        assertThat(left.get(0).error()).contains("cannot do A-1@2");
        assertThat(left).noneMatch(ParkedEvent::replayRequested);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        assertThat(subscription.status().parked()).isEqualTo(2);
    }

    @Test
    void a_request_of_another_process_is_served_within_a_poll_interval() {
        appendMixed();
        broken.add("A-1@1");
        Subscription subscription = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        handled.clear();
        EventStore other = world.otherStore();
        Position first = other.subscriptions().parked("bills").get(0).position();
        assertThat(other.subscriptions().replay("bills", first)).isEqualTo(1);
        assertThat(other.subscriptions().parked("bills").get(0).replayRequested())
                .isTrue();
        world.passSeconds(2);
        assertThat(handled).containsExactly("A-1@1");
        assertThat(other.subscriptions().drop("bills")).isEqualTo(2);
        world.passSeconds(2);
        world.append("A-1", 1);
        world.time.runDue();
        assertThat(handled).containsExactly("A-1@1", "A-1@4");
        assertThat(subscription.status().parked()).isZero();
    }

    @Test
    void a_replay_is_served_while_a_long_page_is_at_hand_and_holds_no_more_than_that() {
        world.append("A-1", 1);
        broken.add("A-1@1");
        List<String> order = new ArrayList<>();
        world.store.subscribe(BILLS, event -> {
            handle(event);
            order.add(nameOf(event.stream(), event.version()));
            world.time.skip(Duration.ofMillis(500));
        });
        world.passSeconds(5);
        world.append("B-1", 100);
        broken.clear();
        world.otherStore().subscriptions().replay("bills");
        world.passSeconds(1);
        assertThat(order.indexOf("A-1@1")).isBetween(0, 5);
        world.passSeconds(100);
        assertThat(order).hasSize(101);
    }

    @Test
    void a_request_without_a_running_subscription_waits_for_the_next_one() {
        appendMixed();
        broken.add("A-1@1");
        Subscription first = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        first.close();
        broken.clear();
        handled.clear();
        world.store.subscriptions().replay("bills");
        world.append("B-1", 1);
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        assertThat(handled).containsExactly("A-1@1", "A-1@2", "A-1@3", "B-1@3");
    }

    @Test
    void a_dropped_event_is_never_handled() {
        appendMixed();
        broken.add("A-1@3");
        Subscription first = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        handled.clear();
        Position position = world.store.subscriptions().parked("bills").get(0).position();
        assertThat(world.store.subscriptions().drop("bills", position)).isEqualTo(1);
        assertThat(world.store.subscriptions().drop("bills", position)).isZero();
        world.append("A-1", 1);
        world.time.runDue();
        first.close();
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        assertThat(handled).containsExactly("A-1@4");
    }

    @Test
    void an_event_is_parked_durably_before_the_checkpoint_passes_it() {
        appendMixed();
        broken.add("B-1@1");
        Position b1 = Position.of(4);
        List<String> wrong = new ArrayList<>();
        world.store.subscribe(BILLS.checkpoint(Duration.ZERO, 1), event -> {
            Checkpoint saved = world.store.subscriptions().checkpoint("bills").orElseThrow();
            if (saved.position().compareTo(b1) >= 0 && parked().isEmpty()) {
                wrong.add(saved.toString());
            }
            handle(event);
        });
        world.passSeconds(5);
        assertThat(world.store.subscriptions().parked("bills").get(0).position())
                .isEqualTo(b1);
        assertThat(wrong).isEmpty();
        assertThat(world.store.subscriptions().checkpoint("bills").orElseThrow().position())
                .isGreaterThan(b1);
    }

    @Test
    void the_checkpoint_is_saved_as_soon_as_an_event_is_parked() {
        Position first = world.append("A-1", 1);
        broken.add("A-1@1");
        world.store.subscribe(BILLS.checkpoint(Duration.ofDays(1), 1_000_000), this::handle);
        world.pass(Duration.ofMillis(150));
        assertThat(world.store.subscriptions().checkpoint("bills").orElseThrow().position())
                .isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void trouble_while_parking_neither_loses_nor_repeats(CellTrouble trouble) {
        appendMixed();
        broken.add("A-1@2");
        world.troubled.troubledCells = "parked";
        world.troubled.nextCell = trouble;
        int[] calls = {0};
        world.store.subscribe(BILLS, event -> {
            calls[0]++;
            handle(event);
        });
        world.passSeconds(10);
        assertThat(world.troubled.nextCell).isEqualTo(CellTrouble.NONE);
        assertThat(parked()).containsExactly("A-1@2", "A-1@3");
        assertThat(handled).containsExactly("A-1@1", "B-1@1", "B-1@2");
        assertThat(calls[0]).isEqualTo(5);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void trouble_while_a_replayed_event_is_taken_off_the_list_does_not_repeat_the_call(CellTrouble trouble) {
        world.append("A-1", 1);
        broken.add("A-1@1");
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        broken.clear();
        world.store.subscriptions().replay("bills");
        world.troubled.troubledCells = "parked";
        world.troubled.nextCell = trouble;
        world.passSeconds(10);
        assertThat(world.troubled.nextCell).isEqualTo(CellTrouble.NONE);
        assertThat(handled).containsExactly("A-1@1");
        assertThat(parked()).isEmpty();
    }

    @Test
    void a_full_list_stops_the_subscription_and_loses_nothing() {
        world.append("A-1", 1100);
        broken.add("A-1@1");
        Subscription subscription = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(60);
        assertThat(subscription.status().lastError())
                .isInstanceOf(SubscriptionLimitReached.class)
                .hasMessageContaining("1024");
        assertThat(parked()).hasSize(1024);
        broken.clear();
        assertThat(world.store.subscriptions().replay("bills")).isEqualTo(1024);
        world.store.subscribe(BILLS, this::handle);
        world.passSeconds(60);
        assertThat(handled).hasSize(1100).startsWith("A-1@1", "A-1@2").endsWith("A-1@1100");
        assertThat(parked()).isEmpty();
    }

    @Test
    void the_longest_names_and_errors_fit() {
        String stream = "\uFFFD".repeat(255);
        world.append(stream, 100);
        Subscription subscription = world.store.subscribe(BILLS, event -> {
            throw new IllegalStateException("\u0001\uD800\u20AC\"".repeat(1000));
        });
        world.passSeconds(60);
        assertThat(subscription.status().state()).isEqualTo(State.LIVE);
        List<ParkedEvent> events = world.store.subscriptions().parked("bills");
        assertThat(events).hasSize(100).allMatch(event -> event.stream().name().equals(stream));
        assertThat(events.get(0).error()).hasSize(ERROR_LENGTH).contains(" ?\u20AC\"");
    }

    private static final int ERROR_LENGTH = 200;

    @Test
    void parked_streams_stay_in_order_although_the_next_run_does_not_park() {
        appendMixed();
        broken.add("A-1@1");
        Subscription first = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        first.close();
        world.append("A-1", 1);
        world.store.subscribe(BILLS.onFailure(FailurePolicy.stop()), this::handle);
        world.passSeconds(5);
        assertThat(parked()).containsExactly("A-1@1", "A-1@2", "A-1@3", "A-1@4");
    }

    @Test
    void a_parked_event_that_is_gone_from_the_log_is_a_divergence() {
        Position first = world.append("A-1", 1);
        world.append("A-1", 1);
        broken.add("A-1@2");
        Subscription subscription = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        subscription.close();
        world.memory.truncateAfter(first);
        world.append("B-1", 5);
        world.store.subscriptions().replay("bills");
        Subscription next = world.store.subscribe(BILLS, this::handle);
        world.passSeconds(5);
        assertThat(next.status().lastError()).isInstanceOf(LogDiverged.class);
        assertThat(handled).containsExactly("A-1@1");
    }
}
