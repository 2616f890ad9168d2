package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Thousands of seeds of several processes on the simulated service: the history checker finds nothing. */
class DynamoSimulationTest {

    private static final long FIRST = Long.getLong("polylog.seed", 1);
    private static final long SEEDS = Long.getLong("polylog.seeds", 20_000);

    private final Map<String, Long> tally = new ConcurrentSkipListMap<>();

    @Test
    void no_seed_breaks_a_rule() throws Exception {
        int runners = Math.min(4, Runtime.getRuntime().availableProcessors());
        ExecutorService executor = Executors.newFixedThreadPool(runners);
        try {
            List<Future<List<String>>> parts = new ArrayList<>();
            for (int runner = 0; runner < runners; runner++) {
                long first = FIRST + runner;
                Callable<List<String>> part = () -> broken(first, runners);
                parts.add(executor.submit(part));
            }
            for (Future<List<String>> part : parts) {
                assertThat(result(part)).isEmpty();
            }
        } finally {
            executor.shutdownNow();
        }
        if (SEEDS >= 1_000) {
            assertThat(tally)
                    .as("what happened in these seeds")
                    .containsOnlyKeys(
                            "appended",
                            "conflict",
                            "duplicate",
                            "killed",
                            "looked",
                            "looked in vain",
                            "repeated",
                            "resolved as appended",
                            "resolved as not appended",
                            "unknown");
        }
    }

    private List<String> broken(long first, int stride) throws InterruptedException {
        for (long seed = first; seed < FIRST + SEEDS; seed += stride) {
            SimRun run = new SimRun(seed, UnaryOperator.identity());
            List<String> complaints = run.play();
            run.tally().forEach((what, times) -> tally.merge(what, (long) times, Long::sum));
            if (!complaints.isEmpty()) {
                return List.of("seed " + seed + " (play it alone with -Dpolylog.seed=" + seed + " -Dpolylog.seeds=1): "
                        + complaints);
            }
        }
        return List.of();
    }

    private static List<String> result(Future<List<String>> part) throws InterruptedException {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw new AssertionError("a seed ended with a failure", e.getCause());
        }
    }
}
