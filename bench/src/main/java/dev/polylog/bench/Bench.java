package dev.polylog.bench;

import dev.polylog.bench.BenchReport.Result;
import dev.polylog.bench.BenchReport.StoreFacts;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendUrl;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares stores with each other and with their plain drivers.
 *
 * <p>The command line calls it, and whoever wants figures in a program. Thread-safe; a comparison runs on the calling
 * thread and threads of its own. It writes streams of its own names ({@code Bench…}) into the stores and leaves them
 * there: it never deletes what is in a store. Raw baselines work on files or tables of their own, which it removes.
 * Failures of single operations are counted in the report; a store that cannot be opened ends the run.
 */
public final class Bench {

    private final BenchOptions options;
    private final ProgressListener listener;
    private int done;

    private Bench(BenchOptions options, ProgressListener listener) {
        this.options = options;
        this.listener = listener;
    }

    /**
     * Runs a comparison.
     *
     * @param options what to compare
     * @param listener is told how far it is
     * @return what came out
     * @throws dev.polylog.PolylogException if a store cannot be opened or used at all
     * @throws InterruptedException if the calling thread was interrupted
     */
    public static BenchReport run(BenchOptions options, ProgressListener listener) throws InterruptedException {
        return new Bench(options, listener).run();
    }

    private BenchReport run() throws InterruptedException {
        Environment environment = Environment.here(Clock.systemUTC());
        Map<String, StoreFacts> facts = new LinkedHashMap<>();
        List<Result> results = new ArrayList<>();
        List<Workload> workloads = options.workloads().stream().sorted().toList();
        for (String url : options.stores()) {
            BackendUrl address = BackendUrl.parse(url);
            for (Workload workload : workloads) {
                try (Match match = new Match(address, workload, options)) {
                    facts.putIfAbsent(address.toString(), facts(match.traits()));
                    results.add(match.play(this::progress));
                } catch (InterruptedException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IllegalStateException(
                            workload.label() + " on " + address + " cannot be measured: " + e, e);
                }
            }
        }
        return new BenchReport(environment, options, facts, results);
    }

    private void progress(String what) {
        int all = options.stores().size() * options.workloads().size() * options.rounds();
        listener.progress(what, done++, all);
    }

    private static StoreFacts facts(BackendTraits traits) {
        return new StoreFacts(traits.backend(), traits.durability().toString(), traits.toString());
    }
}
