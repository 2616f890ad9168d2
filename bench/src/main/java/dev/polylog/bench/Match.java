package dev.polylog.bench;

import dev.polylog.bench.BenchReport.Result;
import dev.polylog.bench.Drivers.Prepared;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.BackendUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One workload, played by a store and its baselines in turn. Confined to one thread.
 *
 * <p>A store that keeps nothing is opened anew for every round, so that its memory does not fill up; the others are opened
 * once.
 */
final class Match implements AutoCloseable {

    private final BackendUrl url;
    private final Workload workload;
    private final BenchOptions options;
    private final Drivers drivers;
    private final SubscriptionDriver subscriptions;
    private final List<Contender> baselines;
    private final Map<Contender, Prepared> prepared = new HashMap<>();
    private StoreContender store;

    Match(BackendUrl url, Workload workload, BenchOptions options) throws Exception {
        // Names that nobody has used: of streams in the store, of the baselines' own files.
        String run = UUID.randomUUID().toString().substring(0, 8);
        this.url = url;
        this.workload = workload;
        this.options = options;
        this.drivers = new Drivers(options, run);
        this.subscriptions = new SubscriptionDriver(options, run);
        this.store = open();
        this.baselines = workload.kind() == Workload.Kind.SUBSCRIBE ? List.of() : Contenders.baselines(url, run);
    }

    private StoreContender open() {
        return Contenders.store(url);
    }

    BackendTraits traits() {
        return store.traits();
    }

    Result play(Consumer<String> progress) throws Exception {
        warmUp();
        List<Round> mine = new ArrayList<>();
        List<List<Round>> raw = new ArrayList<>();
        baselines.forEach(baseline -> raw.add(new ArrayList<>()));
        for (int i = 0; i < options.rounds(); i++) {
            progress.accept(workload.label() + " on " + url);
            boolean storeFirst = i % 2 == 0;
            if (storeFirst) {
                mine.add(measureStore());
            }
            for (int k = 0; k < baselines.size(); k++) {
                raw.get(k).add(measure(baselines.get(k)));
            }
            if (!storeFirst) {
                mine.add(measureStore());
            }
        }
        List<Figures> others = new ArrayList<>();
        for (int k = 0; k < baselines.size(); k++) {
            others.add(new Figures(baselines.get(k).description(), raw.get(k)));
        }
        return new Result(url.toString(), workload, new Figures(url.toString(), mine), others);
    }

    /** All in turn, the history checker too: what is compiled late is missing in the rounds, and unevenly. */
    private void warmUp() throws Exception {
        long nanos = options.warmUp().toNanos();
        WarmUp warmUp = new WarmUp(new CompilerLoad()::isBusy);
        while (warmUp.goesOn()) {
            openAnewIfVolatile();
            prepare(store);
            store.begin();
            warmUp.saw(store.description(), rate(run(store, nanos)));
            store.judge();
            for (Contender baseline : baselines) {
                warmUp.saw(baseline.description(), rate(run(baseline, nanos)));
            }
        }
    }

    private static double rate(Clients.Result result) {
        return result.tally().operations() / result.seconds();
    }

    private Round measure(Contender baseline) throws Exception {
        clearHeap();
        Clients.Result result = run(baseline, options.roundTime().toNanos());
        return Round.of(result.tally(), result.seconds(), List.of());
    }

    private Round measureStore() throws Exception {
        openAnewIfVolatile();
        prepare(store);
        store.begin();
        clearHeap();
        Clients.Result result = run(store, options.roundTime().toNanos());
        return Round.of(result.tally(), result.seconds(), store.judge());
    }

    private void openAnewIfVolatile() {
        if (traits().durability() == Durability.VOLATILE) {
            prepared.remove(store);
            store.close();
            store = open();
        }
    }

    /** What came before is not paid for in this round. */
    private static void clearHeap() {
        System.gc();
    }

    private Clients.Result run(Contender contender, long nanos) throws Exception {
        if (workload.kind() == Workload.Kind.SUBSCRIBE) {
            return subscriptions.measure((StoreContender) contender, workload.clients(), nanos);
        }
        return drivers.measure(workload, contender, prepare(contender), nanos);
    }

    private @Nullable Prepared prepare(Contender reader) throws Exception {
        Contender contender = reader.sharesLog() ? store : reader;
        boolean reads = workload.kind() == Workload.Kind.READ_ALL || workload.kind() == Workload.Kind.READ_STREAM;
        Prepared ready = prepared.get(contender);
        if (reads && ready == null) {
            ready = drivers.prepare(workload, contender);
            prepared.put(contender, ready);
        }
        return ready;
    }

    @Override
    public void close() throws Exception {
        store.close();
        for (Contender baseline : baselines) {
            baseline.close();
        }
    }
}
