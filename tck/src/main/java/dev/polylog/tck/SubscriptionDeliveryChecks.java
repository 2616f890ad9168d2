package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is delivered, in which order, how much at a time: rules S-01, S-02, S-03 and S-09. */
interface SubscriptionDeliveryChecks {

    @Test
    default void s01_what_was_there_comes_first_and_what_follows_after_it(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 30);
            Subscription subscription =
                    fixture.store().subscribe(fixture.ephemeral().buffer(7, 1 << 20), fixture.remember());
            fixture.append("b", 10);
            fixture.awaitPosition(subscription, fixture.append("a", 10));
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    @Tag("raced")
    default void s01_nothing_is_missed_or_repeated_while_writers_race_with_the_catching_up(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 20);
            List<StreamId> streams = List.of(fixture.stream("w0"), fixture.stream("w1"), fixture.stream("w2"));
            Subscription subscription =
                    fixture.store().subscribe(fixture.ephemeral().buffer(3, 1 << 20), fixture.remember());
            Rendezvous<Position> race = tck.race();
            race.racers(3, writer -> appending(tck, streams.get(writer))).run().allReturned();
            fixture.awaitPosition(subscription, fixture.append("a", 1));
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    private static Callable<Position> appending(TckContext tck, StreamId stream) {
        return () -> {
            Position last = Position.START;
            for (int i = 0; i < tck.rounds() * 3; i++) {
                last = tck.store().append(stream, any(), tck.events(1 + i % 3)).position();
            }
            return last;
        };
    }

    @Test
    default void s01_a_filter_delivers_what_matches_and_nothing_else(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            for (String key : List.of("x-1", "y-1", "x-2", "x")) {
                for (String type : List.of("Wanted", "Other")) {
                    tck.store().append(fixture.stream(key), any(), EventData.of(type, "text/plain", Payload.empty()));
                }
            }
            String prefix = fixture.stream("x-").name();
            Subscription subscription = fixture.store()
                    .subscribe(
                            fixture.ephemeral()
                                    .filter(fixture.own().prefix(prefix).types("Wanted")),
                            fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("y-1", 1));
            assertThat(fixture.seenNames()).containsExactly("x-1@1", "x-2@1");
        }
    }

    @Test
    default void s01_a_single_stream_is_not_mixed_with_streams_whose_names_begin_alike(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            SubscriptionOptions options =
                    SubscriptionOptions.ephemeral().stream(fixture.stream("1")).from(StartFrom.after(tck.start()));
            for (String key : List.of("1", "11", "1 ", "1", "1-1")) {
                fixture.append(key, 1);
            }
            Subscription subscription = fixture.store().subscribe(options, fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("2", 1));
            assertThat(fixture.seenNames()).containsExactly("1@1", "1@2");
        }
    }

    @Test
    default void s01_from_the_head_comes_what_is_appended_after_the_call(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 5);
            Subscription subscription =
                    fixture.store().subscribe(fixture.ephemeral().from(StartFrom.head()), fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("a", 3));
            assertThat(fixture.seenNames()).containsExactly("a@6", "a@7", "a@8");
        }
    }

    @Test
    default void s01_after_a_position_comes_what_follows_it(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position third = fixture.append("a", 3);
            fixture.append("a", 2);
            Subscription subscription =
                    fixture.store().subscribe(fixture.ephemeral().from(StartFrom.after(third)), fixture.remember());
            fixture.awaitPosition(subscription, fixture.append("a", 1));
            assertThat(fixture.seenNames()).containsExactly("a@4", "a@5", "a@6");
        }
    }

    @Test
    default void s01_lost_signals_only_delay(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.trouble().loseSignals();
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            for (int i = 0; i < 3; i++) {
                fixture.awaitPosition(subscription, fixture.append("a", 2));
            }
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s01_signals_without_reason_deliver_nothing_twice(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Subscription subscription = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            for (int i = 0; i < 50; i++) {
                fixture.append("a", 1);
                fixture.trouble().inventSignal();
                fixture.trouble().inventSignal();
            }
            fixture.awaitPosition(subscription, fixture.append("a", 1));
            assertThat(fixture.seen()).isEqualTo(fixture.appended());
        }
    }

    @Test
    default void s02_a_call_begins_after_the_former_has_returned(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            AtomicInteger inside = new AtomicInteger();
            AtomicBoolean overlapped = new AtomicBoolean();
            Subscription subscription = fixture.store()
                    .subscribe(fixture.ephemeral().buffer(2, 1 << 20), event -> {
                        overlapped.compareAndSet(false, inside.incrementAndGet() != 1);
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                    });
            for (int i = 0; i < tck.rounds() * 5; i++) {
                fixture.append("a", 1);
                fixture.trouble().inventSignal();
            }
            fixture.awaitPosition(subscription, fixture.append("a", 1));
            assertThat(overlapped).as("two calls at a time").isFalse();
        }
    }

    @Test
    default void s03_no_more_events_are_fetched_than_may_be_held(TckContext tck) {
        assertThat(mostHeld(tck, 7, 1 << 20)).isBetween(1, 7);
    }

    @Test
    default void s03_no_more_is_fetched_where_the_bytes_held_reach_the_bound(TckContext tck) {
        assertThat(mostHeld(tck, 1000, 10)).as("events of 3 bytes").isBetween(1, 4);
    }

    /** The most events that were fetched and not handled at any call. */
    private static int mostHeld(TckContext tck, int events, long bytes) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            Position last = fixture.append("a", 40);
            AtomicInteger handled = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Subscription subscription = fixture.store()
                    .subscribe(fixture.ephemeral().buffer(events, bytes), event -> {
                        int fetched = fixture.trouble().filteredEventsRead();
                        most.accumulateAndGet(fetched - handled.getAndIncrement(), Math::max);
                    });
            fixture.awaitPosition(subscription, last);
            assertThat(handled).hasValue(40);
            return most.get();
        }
    }

    @Test
    default void s09_a_subscriber_gets_what_it_asks_for_and_no_more(TckContext tck) {
        try (SubscriptionFixture fixture = new SubscriptionFixture(tck)) {
            fixture.append("a", 10);
            AskingThree subscriber = new AskingThree();
            fixture.store().publisher(fixture.ephemeral()).subscribe(subscriber);
            tck.eventually("three events arrive", () -> subscriber.count() == 3);
            Subscription other = fixture.store().subscribe(fixture.ephemeral(), fixture.remember());
            fixture.awaitPosition(other, fixture.append("a", 1));
            assertThat(subscriber.count()).isEqualTo(3);
            subscriber.ask(8);
            tck.eventually("all events arrive", () -> subscriber.count() == 11);
            assertThat(subscriber.seen()).isEqualTo(fixture.appended());
        }
    }

    /** Asks for three events, and for more when it is told to. */
    final class AskingThree implements Flow.Subscriber<RecordedEvent> {

        private final List<RecordedEvent> seen = new ArrayList<>();
        private Flow.Subscription given = new Flow.Subscription() {
            @Override
            public void request(long n) {
                throw new IllegalStateException("not subscribed yet");
            }

            @Override
            public void cancel() {
                throw new IllegalStateException("not subscribed yet");
            }
        };

        synchronized int count() {
            return seen.size();
        }

        synchronized List<RecordedEvent> seen() {
            return List.copyOf(seen);
        }

        synchronized void ask(long events) {
            given.request(events);
        }

        @Override
        public synchronized void onSubscribe(Flow.Subscription subscription) {
            given = subscription;
            given.request(3);
        }

        @Override
        public synchronized void onNext(RecordedEvent event) {
            seen.add(event);
        }

        @Override
        public void onError(Throwable error) {
            // The store is closed at the end of the check.
        }

        @Override
        public void onComplete() {
            throw new AssertionError("a log has no end");
        }
    }
}
