package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionTakenOver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a durable subscription remembers: rule S-04. */
interface SubscriptionCheckpointChecks {

    private static Position saved(SubscriptionFixture fixture) {
        return fixture.store()
                .subscriptions()
                .checkpoint(fixture.name())
                .map(Checkpoint::position)
                .orElse(Position.START);
    }

    @Test
    default void s04_a_durable_subscription_resumes_after_its_checkpoint(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription first = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(first, fixture.append("a", 5));
            first.close();
            Position last = fixture.append("a", 5);
            Subscription second = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(second, last);
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s04_it_resumes_through_another_handle_of_the_store(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription first = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(first, fixture.append("a", 5));
            first.close();
            EventStore other = tck.another().store();
            assertThat(other.subscriptions().names()).contains(fixture.name());
            Subscription second = other.subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(second, fixture.append("a", 5));
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s04_the_saved_checkpoint_is_never_ahead_of_a_handled_event(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = fixture.append("a", 20);
            List<Position> ahead = new ArrayList<>();
            Subscription subscription = fixture.store().subscribe(fixture.durable(), event -> {
                if (saved(fixture).compareTo(event.position()) >= 0) {
                    ahead.add(event.position());
                }
            });
            fixture.awaitPosition(subscription, last);
            subscription.close();
            assertThat(ahead)
                    .as("events that were saved as done before they were handled")
                    .isEmpty();
            assertThat(saved(fixture)).isGreaterThanOrEqualTo(last);
        }
    }

    @Test
    default void s04_the_checkpoint_names_the_log_and_an_event_in_it(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription subscription = fixture.store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("a", 3));
            subscription.close();
            Checkpoint checkpoint =
                    fixture.store().subscriptions().checkpoint(fixture.name()).orElseThrow();
            assertThat(checkpoint.logId()).isEqualTo(tck.backend().status().logId());
            assertThat(checkpoint.epoch()).isEqualTo(tck.backend().status().epoch());
            assertThat(LogReads.forwards(tck.backend(), tck.start(), 100))
                    .anyMatch(event -> event.position().equals(checkpoint.lastEventPosition())
                            && event.id().equals(checkpoint.lastEventId()));
        }
    }

    @Test
    default void s04_the_checkpoint_moves_over_events_that_are_not_wanted(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            SubscriptionOptions nothing = fixture.durable()
                    .filter(fixture.own().types("NeverWritten"))
                    .checkpoint(Duration.ofMillis(50), 1);
            fixture.store().subscribe(nothing, fixture.remember());
            Position last = fixture.append("a", 10);
            tck.eventually(
                    "the checkpoint is saved at " + last, () -> saved(fixture).compareTo(last) >= 0);
            assertThat(fixture.seen()).isEmpty();
        }
    }

    @Test
    default void s04_who_is_replaced_by_another_run_stops_and_saves_no_more(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription old = fixture.store().subscribe(fixture.durable(), event -> {});
            fixture.awaitPosition(old, fixture.append("a", 3));
            Subscription young = tck.another().store().subscribe(fixture.durable(), fixture.remember());
            Position last = fixture.append("a", 3);
            fixture.awaitPosition(young, last);
            assertThat(fixture.awaitFailure(old)).isInstanceOf(SubscriptionTakenOver.class);
            fixture.awaitPosition(young, fixture.append("a", 3));
            young.close();
            assertThat(saved(fixture)).isEqualTo(young.status().position());
            List<RecordedEvent> appended = fixture.appended();
            assertThat(fixture.seen()).endsWith(appended.subList(6, 9).toArray(RecordedEvent[]::new));
        }
    }

    @Test
    @Tag("raced")
    default void s04_runs_that_replace_each_other_skip_nothing(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            EventStore former = fixture.store();
            Position last = tck.start();
            for (int round = 0; round < tck.rounds(); round++) {
                EventStore store = tck.another().store();
                store.subscribe(fixture.durable().checkpoint(Duration.ofMillis(3), 4), fixture.remember());
                last = fixture.append("a", 1 + tck.random().nextInt(5));
                former.close();
                former = store;
            }
            former.close(); // or it might begin only now, and rightly take over
            Subscription end = tck.another().store().subscribe(fixture.durable(), fixture.remember());
            fixture.awaitPosition(end, last);
            assertThat(fixture.seen()).containsAll(fixture.appended());
        }
    }
}
