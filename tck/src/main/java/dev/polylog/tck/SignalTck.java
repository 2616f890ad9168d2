package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.Registration;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chapter N: signals. Nested empty in a {@link TckHarness}. */
@ExtendWith(TckExtension.class)
public class SignalTck {

    /** For JUnit and for the nested class. */
    public SignalTck() {}

    /** Appends while a subscription runs whose signals suffer, and requires that it gets the same all the same. */
    private static void delivers(TckContext tck, OddSignals.Kind kind) {
        OddSignals odd = new OddSignals(tck.another().backend(), kind);
        List<RecordedEvent> delivered = new CopyOnWriteArrayList<>();
        SubscriptionOptions options = SubscriptionOptions.ephemeral()
                .from(StartFrom.after(tck.start()))
                .pollInterval(Duration.ofMillis(20));
        try (EventStore store = EventStore.over(odd);
                Subscription subscription = store.subscribe(options, delivered::add)) {
            StreamId stream = tck.freshStream();
            for (int i = 0; i < 30; i++) {
                tck.store().append(stream, any(), tck.events(1 + i % 3));
            }
            tck.eventually("59 events were delivered, of " + subscription.status(), () -> delivered.size() >= 59);
        }
        assertThat(delivered).isEqualTo(tck.appended());
    }

    @Test
    void n01_lost_signals_change_nothing_of_what_is_delivered(TckContext tck) {
        delivers(tck, OddSignals.Kind.LOST);
    }

    @Test
    void n01_spurious_signals_change_nothing_of_what_is_delivered(TckContext tck) {
        delivers(tck, OddSignals.Kind.SPURIOUS);
    }

    @Test
    void n01_late_signals_change_nothing_of_what_is_delivered(TckContext tck) {
        delivers(tck, OddSignals.Kind.LATE);
    }

    @Test
    void n01_repeated_signals_change_nothing_of_what_is_delivered(TckContext tck) {
        delivers(tck, OddSignals.Kind.REPEATED);
    }

    @Test
    void n01_no_signal_comes_after_its_registration_was_closed(TckContext tck) {
        Handle handle = tck.another();
        for (int round = 0; round < 10; round++) {
            AtomicInteger late = new AtomicInteger();
            boolean[] closed = new boolean[1];
            Registration registration = handle.backend().signal(() -> {
                synchronized (late) {
                    late.addAndGet(closed[0] ? 1 : 0);
                }
            });
            tck.store().append(tck.freshStream(), noStream(), tck.event());
            registration.close();
            synchronized (late) {
                closed[0] = true;
            }
            registration.close();
            handle.store().append(tck.freshStream(), noStream(), tck.event());
            tck.store().append(tck.freshStream(), noStream(), tck.event());
            assertThat(late.get()).as("signals after close, in round %s", round).isZero();
        }
    }

    @Test
    @Tag("declared")
    void n02_closing_one_registration_leaves_the_others(TckContext tck) {
        Handle handle = tck.another();
        AtomicInteger signals = new AtomicInteger();
        Registration first = handle.backend().signal(() -> {});
        try (Registration second = handle.backend().signal(signals::incrementAndGet)) {
            assertThat(second).isNotNull();
            first.close();
            // One signal may get lost; not all of many.
            tck.eventually("a signal came through the registration that is left", () -> {
                tck.store().append(tck.freshStream(), noStream(), tck.event());
                return signals.get() > 0;
            });
        }
    }

    @Test
    @Tag("declared")
    void n02_a_live_subscription_of_another_handle_gets_an_event_within_the_declared_bound(TckContext tck) {
        Map<UUID, Long> delivered = new ConcurrentHashMap<>();
        SubscriptionOptions options = SubscriptionOptions.ephemeral()
                .from(StartFrom.after(tck.start()))
                .pollInterval(Duration.ofHours(1));
        try (Subscription subscription =
                tck.another().store().subscribe(options, event -> delivered.put(event.id(), System.nanoTime()))) {
            tck.eventually(
                    "the subscription is live", () -> subscription.status().state() == SubscriptionStatus.State.LIVE);
            Duration bound = tck.traits().signalBound();
            // The machine may be busy for a while: what counts is that the store can keep its word at all.
            tck.eventually("half of 9 events arrived within " + bound, () -> median(tck, delivered) <= bound.toNanos());
        }
    }

    private static long median(TckContext tck, Map<UUID, Long> delivered) {
        long[] latencies = new long[9];
        List<EventData> events = new ArrayList<>(tck.events(latencies.length));
        StreamId stream = tck.freshStream();
        for (int i = 0; i < latencies.length; i++) {
            EventData event = events.get(i);
            tck.store().append(stream, any(), event);
            long acknowledged = System.nanoTime();
            tck.eventually("the event was delivered", () -> delivered.containsKey(event.id()));
            latencies[i] = delivered.getOrDefault(event.id(), Long.MAX_VALUE) - acknowledged;
        }
        Arrays.sort(latencies);
        return latencies[latencies.length / 2];
    }
}
