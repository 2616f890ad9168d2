package dev.polylog.bench;

import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program for a JVM with a small heap: writes many events to the store at a URL, reads them all, and lets a subscription
 * catch up whose handler sleeps. {@link SmallHeapTest} runs it.
 */
public final class MillionEvents {

    static final String DONE = "read and handled";

    private static final int STREAMS = 100;
    private static final int BATCH = 500;
    private static final int SLEEP_EVERY = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private MillionEvents() {}

    /**
     * Runs.
     *
     * @param arguments the store's URL, and how many events
     * @throws Exception if anything goes wrong
     */
    public static void main(String[] arguments) throws Exception {
        int events = Integer.parseInt(arguments[1]);
        try (EventStore store = EventStore.open(arguments[0])) {
            long began = System.nanoTime();
            write(store, events);
            long written = System.nanoTime();
            long seen = readAll(store);
            long read = System.nanoTime();
            long handled = subscribe(store, events);
            long done = System.nanoTime();
            System.out.printf(
                    "%s %d and %d events of a heap of %d MB: written in %,d ms, read in %,d ms, handled in %,d ms%n",
                    DONE,
                    seen,
                    handled,
                    Runtime.getRuntime().maxMemory() >> 20,
                    (written - began) / 1_000_000,
                    (read - written) / 1_000_000,
                    (done - read) / 1_000_000);
        }
    }

    private static void write(EventStore store, int events) {
        EventFactory factory = new EventFactory(1);
        int batch = Math.min(BATCH, store.traits().limits().maxEventsPerAppend());
        long[] versions = new long[STREAMS];
        for (int written = 0, i = 0; written < events; i = (i + 1) % STREAMS) {
            int count = Math.min(batch, events - written);
            StreamId stream = StreamId.of("Many", String.valueOf(i));
            versions[i] = store.append(stream, ExpectedVersion.exactly(versions[i]), factory.next(count))
                    .version();
            written += count;
        }
    }

    private static long readAll(EventStore store) {
        long count = 0;
        for (RecordedEvent event : store.readAll(ReadOptions.all().pageSize(1_000))) {
            count += event.payload().size() == EventFactory.PAYLOAD_BYTES ? 1 : 0;
        }
        return count;
    }

    /** The handler is much slower now and then than the reading, so that everything that could pile up does. */
    private static long subscribe(EventStore store, int events) throws InterruptedException {
        AtomicLong handled = new AtomicLong();
        CountDownLatch all = new CountDownLatch(1);
        SubscriptionOptions options =
                SubscriptionOptions.ephemeral().from(StartFrom.beginning()).filter(Filter.all());
        try (Subscription subscription = store.subscribe(options, event -> {
            long now = handled.incrementAndGet();
            if (now % SLEEP_EVERY == 0) {
                Thread.sleep(100);
            }
            if (now == events) {
                all.countDown();
            }
        })) {
            if (!all.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("the subscription did not get there: " + subscription.status());
            }
        }
        return handled.get();
    }
}
