package dev.polylog.tck.report;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.polylog.spi.LogBackend;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import dev.polylog.tck.report.TckReport.Check;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the kit against any store, as {@code polylog tck} does.
 *
 * <p>Runs one after another, whatever the number of callers. Thread-safe.
 */
public final class TckRunner {

    private TckRunner() {}

    /**
     * Judges a store by some rules.
     *
     * @param store how it is opened and where it cannot be reached
     * @param rules by which
     * @param settings JUnit configuration parameters, such as {@code polylog.tck.seed} and {@code polylog.tck.rounds}
     * @param onCheck told of every check as it ends
     * @return what was found out
     */
    public static TckReport run(
            TckHarness store, RuleChoice rules, Map<String, String> settings, Consumer<Check> onCheck) {
        Results results = new Results() {
            @Override
            void onCheck(Check check) {
                onCheck.accept(check);
            }
        };
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(AnyStoreKit.class))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(Results.isChosen(test, rules)))
                .configurationParameters(settings)
                .build();
        TckReport nothing = new TckReport("unknown", Map.of(), List.of());
        return AnyStoreKit.judging(store, () -> {
            LauncherFactory.create().execute(request, results);
            return results.reports().getOrDefault(AnyStoreKit.class.getName(), nothing);
        });
    }

    /**
     * A harness for the store at a URL.
     *
     * @param opener opens one more handle on the store
     * @param unreachable a URL of the same kind that leads nowhere, or why there is none
     * @return the harness
     */
    public static TckHarness harness(Supplier<LogBackend> opener, Unreachable unreachable) {
        return new TckHarness() {
            @Override
            public LogBackend open() {
                return opener.get();
            }

            @Override
            public Unreachable unreachable() {
                return unreachable;
            }
        };
    }
}
