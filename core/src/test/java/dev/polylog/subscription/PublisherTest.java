package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.LogDiverged;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private final World world = new World();

    /** Notes what it is told, and asks only when the test does. */
    private static class Probe implements Flow.Subscriber<RecordedEvent> {

        final List<Long> seen = new ArrayList<>();
        final List<Throwable> errors = new ArrayList<>();
        Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(RecordedEvent event) {
            seen.add(event.version());
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onComplete() {
            errors.add(new AssertionError("a log has no end"));
        }
    }

    private Probe subscribe(SubscriptionOptions options) {
        Probe probe = new Probe();
        world.store.publisher(options).subscribe(probe);
        world.time.runDue();
        return probe;
    }

    @Test
    void only_what_is_asked_for_is_delivered() {
        world.append("A-1", 10);
        Probe probe = subscribe(SubscriptionOptions.ephemeral());
        world.passSeconds(60);
        assertThat(probe.seen).isEmpty();
        probe.subscription.request(3);
        world.time.runDue();
        assertThat(probe.seen).containsExactly(1L, 2L, 3L);
        probe.subscription.request(Long.MAX_VALUE);
        world.time.runDue();
        world.append("A-1", 1);
        world.time.runDue();
        assertThat(probe.seen).hasSize(11);
    }

    @Test
    void an_event_counts_as_handled_when_the_subscriber_has_returned() {
        world.append("A-1", 10);
        Probe probe = subscribe(SubscriptionOptions.durable("bills"));
        probe.subscription.request(4);
        world.time.runDue();
        probe.subscription.cancel();
        world.time.runDue();
        assertThat(probe.errors).isEmpty();
        Probe next = subscribe(SubscriptionOptions.durable("bills"));
        next.subscription.request(1);
        world.time.runDue();
        assertThat(next.seen).containsExactly(5L);
    }

    @Test
    void a_durable_name_is_for_one_subscriber_at_a_time() {
        Probe first = subscribe(SubscriptionOptions.durable("bills"));
        Probe second = subscribe(SubscriptionOptions.durable("bills"));
        assertThat(first.errors).isEmpty();
        assertThat(second.errors).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        first.subscription.cancel();
        world.time.runDue();
        assertThat(subscribe(SubscriptionOptions.durable("bills")).errors).isEmpty();
    }

    @Test
    void a_closed_store_tells_its_subscribers() {
        Probe probe = subscribe(SubscriptionOptions.ephemeral());
        world.store.close();
        assertThat(probe.errors).hasSize(1).first().isInstanceOf(StoreClosed.class);
        Probe late = subscribe(SubscriptionOptions.ephemeral());
        assertThat(late.errors).hasSize(1).first().isInstanceOf(StoreClosed.class);
        assertThat(late.subscription).isNotNull();
    }

    @Test
    void what_stops_the_subscription_is_told_once() {
        world.append("A-1", 3);
        Probe probe = subscribe(SubscriptionOptions.ephemeral());
        probe.subscription.request(10);
        world.time.runDue();
        world.memory.truncateAfter(Position.START);
        world.passSeconds(60);
        assertThat(probe.errors).hasSize(1).first().isInstanceOf(LogDiverged.class);
        probe.subscription.request(0);
        probe.subscription.cancel();
        world.passSeconds(60);
        assertThat(probe.errors).hasSize(1);
    }

    @Test
    void a_subscriber_that_throws_is_not_called_again_and_its_event_not_done() {
        world.append("A-1", 3);
        List<Long> thrownAt = new ArrayList<>();
        Probe thrower = new Probe() {
            @Override
            public void onNext(RecordedEvent event) {
                thrownAt.add(event.version());
                throw new IllegalStateException("against the protocol");
            }
        };
        world.store.publisher(SubscriptionOptions.durable("bills")).subscribe(thrower);
        thrower.subscription.request(10);
        world.passSeconds(60);
        assertThat(thrownAt).containsExactly(1L);
        assertThat(thrower.errors).isEmpty();
        Probe next = subscribe(SubscriptionOptions.durable("bills"));
        next.subscription.request(1);
        world.time.runDue();
        assertThat(next.seen).containsExactly(1L);
    }
}
