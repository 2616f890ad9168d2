package dev.polylog.bench;

import dev.polylog.Filter;
import dev.polylog.bench.Study.Effort;
import dev.polylog.bench.StudyReport.Measure;
import dev.polylog.spi.BackendUrl;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Another process appends at a fixed rate; a live subscription of this one takes the time since each event was due. Both
 * read the same clock, which is the machine's.
 */
final class DeliveryStudy {

    private static final long PATIENCE_SECONDS = 30;

    private final String url;
    private final String run;
    private final int rate;
    private final Effort effort;
    private final ProgressListener listener;

    DeliveryStudy(String url, String run, int rate, Effort effort, ProgressListener listener) {
        if (rate < 1) {
            throw new IllegalArgumentException("rate " + rate + ": expected 1 or more");
        }
        this.url = url;
        this.run = run;
        this.rate = rate;
        this.effort = effort;
        this.listener = listener;
    }

    List<Measure> measure() throws Exception {
        List<Double> half = new ArrayList<>();
        List<Double> most = new ArrayList<>();
        List<Double> longest = new ArrayList<>();
        try (StoreContender store = Contenders.store(BackendUrl.parse(url))) {
            for (int round = 0; round < effort.rounds(); round++) {
                listener.progress("delivering", round, effort.rounds());
                Tally tally = deliver(store, "Bench" + run + "deliver" + round);
                half.add(tally.times().getValueAtPercentile(50) / 1e6);
                most.add(tally.times().getValueAtPercentile(99) / 1e6);
                longest.add(tally.times().getMaxValue() / 1e6);
            }
        }
        String what = "delivery to another process at " + rate + " events/s, ";
        return List.of(
                Measure.of(what + "p50", "ms", half),
                Measure.of(what + "p99", "ms", most),
                Measure.of(what + "max", "ms", longest));
    }

    private Tally deliver(StoreContender store, String category) throws Exception {
        int events = (int) Math.max(1, effort.roundTime().toNanos() * rate / 1_000_000_000L);
        Tally tally = new Tally();
        CountDownLatch left = new CountDownLatch(events);
        SubscriptionOptions live = SubscriptionOptions.ephemeral()
                .from(StartFrom.head())
                .filter(Filter.all().categories(category));
        try (Subscription subscription = store.plain().subscribe(live, event -> {
                    tally.done(
                            System.nanoTime() - Long.parseLong(event.payload().asUtf8()), 1);
                    left.countDown();
                });
                Workers workers = new Workers(url)) {
            workers.start("offer", category, String.valueOf(events), String.valueOf(1_000_000_000L / rate));
            workers.begin();
            workers.answers(effort.roundTime().toNanos());
            if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(left.getCount() + " of " + events + " events were not delivered within "
                        + PATIENCE_SECONDS + " s: " + subscription.status());
            }
        }
        return tally;
    }
}
