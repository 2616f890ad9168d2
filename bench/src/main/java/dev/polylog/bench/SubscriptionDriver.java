package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Offers events at a fixed rate and takes the time until a live subscription has handled each, counted from the moment at
 * which it was due: an append that comes late because an earlier one took long counts as slow, too.
 */
final class SubscriptionDriver {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BenchOptions options;
    private final String run;
    private int loads;

    SubscriptionDriver(BenchOptions options, String run) {
        this.options = options;
        this.run = run;
    }

    Clients.Result measure(StoreContender contender, int writers, long nanos) throws InterruptedException {
        int events = (int) Math.max(10, nanos * options.offeredRate() / 1_000_000_000L);
        String category = "Bench" + run + "live" + loads++;
        Load load = new Load(events, 1_000_000_000L / options.offeredRate());
        // Both work on one backend, which the contender closes.
        EventStore reader = contender.recorded();
        EventStore writer = contender.recorded();
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        SubscriptionOptions live = SubscriptionOptions.ephemeral()
                .from(StartFrom.head())
                .filter(Filter.all().categories(category));
        try (Subscription subscription =
                reader.subscribe(live, event -> load.handled(event.payload().asUtf8()))) {
            writer.append(StreamId.of(category, "first"), ExpectedVersion.noStream(), event(-1));
            if (!load.live.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the subscription did not become live: " + subscription.status());
            }
            load.begin = System.nanoTime();
            for (int i = 0; i < writers; i++) {
                StreamId stream = StreamId.of(category, String.valueOf(i));
                threads.execute(() -> load.offer(writer, stream));
            }
            boolean all = load.all.await(PATIENCE.toSeconds() + nanos / 1_000_000_000L, TimeUnit.SECONDS);
            return load.result(all);
        } finally {
            threads.shutdownNow();
        }
    }

    private static EventData event(int index) {
        return EventData.of("Offered", "text/plain", Payload.utf8(String.valueOf(index)));
    }

    /** The events of one measurement. Writers and the handler share it. */
    private static final class Load {

        private final int events;
        private final long interval;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch live = new CountDownLatch(1);
        private final CountDownLatch all;
        private final Tally tally = new Tally();
        private volatile long begin;
        private volatile long end;

        Load(int events, long interval) {
            this.events = events;
            this.interval = interval;
            this.all = new CountDownLatch(events);
        }

        void offer(EventStore store, StreamId stream) {
            for (int i = next.getAndIncrement(); i < events; i = next.getAndIncrement()) {
                long due = begin + i * interval;
                while (System.nanoTime() < due && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                try {
                    store.append(stream, ExpectedVersion.any(), event(i));
                } catch (RuntimeException e) {
                    failed(e);
                }
            }
        }

        /** Called by the subscription, one event at a time. */
        synchronized void handled(String payload) {
            int index = Integer.parseInt(payload);
            if (index < 0) {
                live.countDown();
                return;
            }
            end = System.nanoTime();
            tally.done(end - (begin + index * interval), 1);
            all.countDown();
        }

        private synchronized void failed(RuntimeException e) {
            tally.error(e);
            all.countDown();
        }

        synchronized Clients.Result result(boolean complete) {
            if (!complete) {
                tally.error(new IllegalStateException(
                        all.getCount() + " of " + events + " events were not delivered within " + PATIENCE));
            }
            Tally copy = new Tally();
            copy.add(tally);
            return new Clients.Result(copy, Math.max(1, end - begin) / 1e9);
        }
    }
}
