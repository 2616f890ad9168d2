package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.FailurePolicy;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus.State;
import dev.polylog.subscription.Subscriptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** What happens when a handler fails: rule S-05. */
interface SubscriptionFailureChecks {

    private static SubscriptionOptions parking(SubscriptionFixture fixture) {
        FailurePolicy policy = FailurePolicy.park().retries(1).backoff(Duration.ofMillis(1), Duration.ofMillis(1));
        return fixture.durable().onFailure(policy);
    }

    private static EventHandler failingAt(SubscriptionFixture fixture, Set<String> broken) {
        return event -> {
            if (broken.contains(fixture.nameOf(event))) {
                throw new IllegalStateException("the kit's handler fails at " + fixture.nameOf(event));
            }
            fixture.remember(event);
        };
    }

    private static Set<String> broken(String... names) {
        Set<String> set = ConcurrentHashMap.newKeySet();
        Collections.addAll(set, names);
        return set;
    }

    /** Appends a@1 b@1 a@2 b@2 a@3. */
    private static Position appendMixed(SubscriptionFixture fixture) {
        Position last = fixture.append("a", 1);
        for (String key : List.of("b", "a", "b", "a")) {
            last = fixture.append(key, 1);
        }
        return last;
    }

    private static List<String> parked(EventStore store, SubscriptionFixture fixture) {
        return store.subscriptions().parked(fixture.name()).stream()
                .map(event -> key(event) + "@" + event.version())
                .toList();
    }

    private static String key(ParkedEvent event) {
        String name = event.stream().name();
        return name.substring(name.indexOf('-') + 1);
    }

    @Test
    default void s05_a_failing_handler_is_called_again_with_the_same_event(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = fixture.append("a", 2);
            List<Long> calls = Collections.synchronizedList(new ArrayList<>());
            List<Long> times = Collections.synchronizedList(new ArrayList<>());
            FailurePolicy policy =
                    FailurePolicy.stop().retries(5).backoff(Duration.ofMillis(20), Duration.ofMillis(80));
            Subscription subscription = fixture.store()
                    .subscribe(fixture.ephemeral().onFailure(policy), event -> {
                        calls.add(event.version());
                        times.add(System.nanoTime());
                        if (calls.size() <= 3) {
                            throw new IllegalStateException("the kit's handler fails for a while");
                        }
                    });
            fixture.awaitPosition(subscription, last);
            assertThat(calls).containsExactly(1L, 1L, 1L, 1L, 2L);
            for (int i = 0; i < 3; i++) {
                assertThat(times.get(i + 1) - times.get(i))
                        .as("delay %s in nanoseconds", i + 1)
                        .isGreaterThanOrEqualTo(Duration.ofMillis(20L << i).toNanos());
            }
            assertThat(subscription.status().lastError()).isNull();
        }
    }

    @Test
    default void s05_after_the_last_retry_it_stops_with_the_error_and_skips_nothing(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 3);
            Set<String> broken = broken("a@2");
            FailurePolicy policy = FailurePolicy.stop().retries(1).backoff(Duration.ofMillis(1), Duration.ofMillis(1));
            Subscription first =
                    fixture.store().subscribe(fixture.durable().onFailure(policy), failingAt(fixture, broken));
            assertThat(fixture.awaitFailure(first)).hasMessageContaining("fails at a@2");
            assertThat(first.ended().toCompletableFuture()).failsWithin(tck.patience());
            broken.clear();
            Subscription second = fixture.store().subscribe(fixture.durable(), failingAt(fixture, broken));
            fixture.awaitPosition(second, fixture.append("a", 1));
            assertThat(fixture.seenNames()).containsExactly("a@1", "a@2", "a@3", "a@4");
        }
    }

    @Test
    default void s05_an_error_of_the_virtual_machine_stops_it_at_once(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 2);
            List<RecordedEvent> calls = Collections.synchronizedList(new ArrayList<>());
            Subscription subscription = fixture.store().subscribe(parking(fixture), event -> {
                calls.add(event);
                throw new StackOverflowError("the kit's handler is too deep");
            });
            assertThat(fixture.awaitFailure(subscription)).isInstanceOf(StackOverflowError.class);
            assertThat(calls).hasSize(1);
        }
    }

    @Test
    default void s05_an_event_is_parked_with_the_later_ones_of_its_stream_and_the_rest_goes_on(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = appendMixed(fixture);
            Subscription subscription = fixture.store().subscribe(parking(fixture), failingAt(fixture, broken("a@2")));
            fixture.awaitPosition(subscription, last);
            assertThat(fixture.seenNames()).containsExactly("a@1", "b@1", "b@2");
            EventStore other = tck.another().store();
            assertThat(parked(other, fixture)).containsExactly("a@2", "a@3");
            assertThat(other.subscriptions().parked(fixture.name()).get(0).error())
                    .contains("fails at a@2");
            assertThat(subscription.status().parked()).isEqualTo(2);
        }
    }

    @Test
    default void s05_parked_events_that_another_handle_replays_are_handled_in_order(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = appendMixed(fixture);
            Set<String> broken = broken("a@1");
            Subscription subscription = fixture.store().subscribe(parking(fixture), failingAt(fixture, broken));
            fixture.awaitPosition(subscription, last);
            broken.clear();
            fixture.forget();
            assertThat(tck.another().store().subscriptions().replay(fixture.name()))
                    .isEqualTo(3);
            tck.eventually(
                    "the replay is over", () -> parked(fixture.store(), fixture).isEmpty());
            fixture.awaitPosition(subscription, fixture.append("a", 1));
            tck.eventually("a@4 is handled too", () -> fixture.seen().size() == 4);
            assertThat(fixture.seenNames()).containsExactly("a@1", "a@2", "a@3", "a@4");
        }
    }

    @Test
    default void s05_dropped_events_are_never_handled(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = appendMixed(fixture);
            Set<String> broken = broken("a@1");
            Subscription first = fixture.store().subscribe(parking(fixture), failingAt(fixture, broken));
            fixture.awaitPosition(first, last);
            first.close();
            broken.clear();
            fixture.forget();
            Subscriptions elsewhere = tck.another().store().subscriptions();
            Position second = elsewhere.parked(fixture.name()).get(1).position();
            assertThat(elsewhere.drop(fixture.name(), second)).isEqualTo(1);
            assertThat(elsewhere.replay(fixture.name())).isEqualTo(2);
            Subscription next = fixture.store().subscribe(parking(fixture), failingAt(fixture, broken));
            fixture.awaitPosition(next, fixture.append("b", 1));
            assertThat(fixture.seenNames()).containsExactly("a@1", "a@3", "b@3");
        }
    }

    @Test
    default void s05_parked_events_survive_the_run_that_parked_them(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = appendMixed(fixture);
            Subscription first = fixture.store().subscribe(parking(fixture), failingAt(fixture, broken("a@1")));
            fixture.awaitPosition(first, last);
            first.close();
            fixture.forget();
            Subscription next = tck.another().store().subscribe(parking(fixture), fixture.remember());
            fixture.awaitPosition(next, fixture.append("a", 1));
            fixture.awaitState(next, State.LIVE);
            assertThat(fixture.seen()).isEmpty();
            assertThat(parked(fixture.store(), fixture)).containsExactly("a@1", "a@2", "a@3", "a@4");
        }
    }
}
