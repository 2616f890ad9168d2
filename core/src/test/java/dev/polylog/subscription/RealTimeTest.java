package dev.polylog.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same engine on real threads. */
@Timeout(120)
class RealTimeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventStore store = EventStore.over(MemoryBackend.create());

    @AfterEach
    void close() {
        store.close();
    }

    private Position append(String stream) {
        return store.append(StreamId.of(stream), ExpectedVersion.any(), EventData.json("T", "{}"))
                .position();
    }

    private static void awaitLatch(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void everything_that_four_writers_append_is_delivered_once_in_order_and_one_at_a_time() throws Exception {
        List<UUID> seen = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger inside = new AtomicInteger();
        AtomicBoolean overlapped = new AtomicBoolean();
        List<Thread> writers = new ArrayList<>();
        Subscription subscription = store.subscribe(SubscriptionOptions.durable("all"), event -> {
            overlapped.compareAndSet(false, inside.incrementAndGet() != 1);
            seen.add(event.id());
            inside.decrementAndGet();
        });
        for (int i = 0; i < 4; i++) {
            String stream = "W-" + i;
            Thread writer = new Thread(() -> {
                for (int n = 0; n < 500; n++) {
                    append(stream);
                }
            });
            writers.add(writer);
            writer.start();
        }
        for (Thread writer : writers) {
            writer.join();
        }
        Position last = append("W-0");
        assertThat(subscription.awaitPosition(last, PATIENCE)).isTrue();
        List<UUID> log = new ArrayList<>();
        for (RecordedEvent event : store.readAll()) {
            log.add(event.id());
        }
        assertThat(seen).isEqualTo(log).hasSize(2001);
        assertThat(overlapped).isFalse();
    }

    @Test
    void close_waits_for_the_call_that_runs_keeps_an_interrupt_and_lets_no_call_follow() throws Exception {
        append("A-1");
        append("A-1");
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean left = new AtomicBoolean();
        Subscription subscription = store.subscribe(SubscriptionOptions.ephemeral(), event -> {
            calls.incrementAndGet();
            entered.countDown();
            awaitLatch(leave);
            left.set(true);
        });
        awaitLatch(entered);
        AtomicBoolean leftBefore = new AtomicBoolean();
        AtomicBoolean interruptKept = new AtomicBoolean();
        Thread closer = new Thread(() -> {
            Thread.currentThread().interrupt();
            subscription.close();
            leftBefore.set(left.get());
            interruptKept.set(Thread.currentThread().isInterrupted());
        });
        closer.start();
        await().atMost(PATIENCE).until(() -> closer.getState() == Thread.State.WAITING);
        leave.countDown();
        closer.join();
        assertThat(leftBefore).isTrue();
        assertThat(interruptKept).isTrue();
        assertThat(calls).hasValue(1);
    }

    @Test
    void a_handler_that_blocks_holds_up_neither_appends_nor_other_subscriptions() throws Exception {
        CountDownLatch leave = new CountDownLatch(1);
        store.subscribe(SubscriptionOptions.ephemeral(), event -> awaitLatch(leave));
        Subscription other = store.subscribe(SubscriptionOptions.ephemeral(), event -> {});
        Position last = Position.START;
        for (int i = 0; i < 100; i++) {
            last = append("A-1");
        }
        assertThat(other.awaitPosition(last, PATIENCE)).isTrue();
        leave.countDown();
    }

    @Test
    void a_waiter_is_released_when_the_subscription_ends() throws Exception {
        Subscription subscription = store.subscribe(SubscriptionOptions.ephemeral(), event -> {});
        AtomicBoolean reached = new AtomicBoolean(true);
        Thread waiter = new Thread(() -> reached.set(subscription.awaitPosition(Position.of(99), Duration.ofDays(1))));
        waiter.start();
        await().atMost(PATIENCE).until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
        subscription.close();
        waiter.join();
        assertThat(reached).isFalse();
    }

    @Test
    void handlers_that_each_close_the_store_do_not_wait_for_each_other() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        CountDownLatch returned = new CountDownLatch(2);
        EventHandler closing = event -> {
            both.countDown();
            awaitLatch(both);
            store.close();
            returned.countDown();
        };
        store.subscribe(SubscriptionOptions.ephemeral(), closing);
        store.subscribe(SubscriptionOptions.ephemeral(), closing);
        append("A-1");
        awaitLatch(returned);
    }

    @Test
    void closing_at_a_random_moment_never_lets_a_call_begin_afterwards() {
        for (int round = 0; round < 300; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicBoolean late = new AtomicBoolean();
            Subscription subscription = store.subscribe(SubscriptionOptions.durable("bills"), event -> {
                late.compareAndSet(false, closed.get());
            });
            append("A-1");
            for (int spin = 0; spin < round * 20; spin++) {
                Thread.onSpinWait();
            }
            subscription.close();
            closed.set(true);
            append("A-1");
            assertThat(late).isFalse();
        }
    }
}
