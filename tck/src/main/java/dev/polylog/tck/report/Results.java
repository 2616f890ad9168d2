package dev.polylog.tck.report;

import dev.polylog.tck.report.TckReport.Check;
import dev.polylog.tck.report.TckReport.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Collects what becomes of the kit's checks, by the class that implements the harness.
 *
 * <p>Thread-safe.
 */
class Results implements TestExecutionListener {

    private static final Pattern CHECK = Pattern.compile("([a-z])(\\d\\d)_(.+)");
    private static final int MOST_OF_A_MESSAGE = 4_000;

    private final Map<String, Harness> harnesses = new TreeMap<>();
    private final Map<String, Long> started = new ConcurrentHashMap<>();

    /** What is known of one class that implements the harness. */
    private static final class Harness {
        private final Map<String, String> traits = new TreeMap<>();
        private final List<Check> checks = new ArrayList<>();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        if (entry.getKeyValuePairs().containsKey(DeclaredTraits.BACKEND)) {
            harness(test).traits.putAll(entry.getKeyValuePairs());
        }
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        long begun = started.getOrDefault(test.getUniqueId(), System.nanoTime());
        MethodSource method = methodOf(test);
        if (method == null) {
            return;
        }
        Matcher name = CHECK.matcher(method.getMethodName());
        if (name.matches()) {
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            Check check = new Check(
                    rule(name),
                    name.group(3).replace('_', ' '),
                    passed ? Status.PASSED : Status.FAILED,
                    (System.nanoTime() - begun) / 1_000_000,
                    passed ? "" : message(result));
            harness(test).checks.add(check);
            onCheck(check);
        }
    }

    private static String rule(Matcher check) {
        return check.group(1).toUpperCase(Locale.ROOT) + "-" + check.group(2);
    }

    /** Whether a test is a check of one of those rules; what is not a check belongs to any choice. */
    static boolean isChosen(TestDescriptor test, RuleChoice choice) {
        if (!(test.getSource().orElse(null) instanceof MethodSource method)) {
            return true;
        }
        Matcher name = CHECK.matcher(method.getMethodName());
        return !name.matches() || choice.contains(rule(name));
    }

    /** For those who want to tell as it goes. */
    void onCheck(Check check) {}

    private static String message(TestExecutionResult result) {
        String message = result.getThrowable().map(Throwable::getMessage).orElse("the check was broken off");
        String text = message == null ? "the check failed without a message" : message;
        return text.length() > MOST_OF_A_MESSAGE ? text.substring(0, MOST_OF_A_MESSAGE) + " …" : text;
    }

    private static @Nullable MethodSource methodOf(TestIdentifier test) {
        return test.isTest() && test.getSource().orElse(null) instanceof MethodSource method ? method : null;
    }

    private Harness harness(TestIdentifier test) {
        MethodSource method = methodOf(test);
        String nested = method == null ? "" : method.getClassName();
        int dollar = nested.indexOf('$');
        return harnesses.computeIfAbsent(dollar < 0 ? nested : nested.substring(0, dollar), key -> new Harness());
    }

    /** The reports so far, by the name of the class that implements the harness; only those that ran checks. */
    synchronized Map<String, TckReport> reports() {
        Map<String, TckReport> reports = new TreeMap<>();
        harnesses.forEach((name, harness) -> {
            if (harness.checks.isEmpty() || harness.traits.isEmpty()) {
                return;
            }
            List<Check> sorted = harness.checks.stream()
                    .sorted(Comparator.comparing(Check::rule).thenComparing(Check::name))
                    .toList();
            String backend = harness.traits.getOrDefault(DeclaredTraits.BACKEND, name);
            reports.put(name, new TckReport(backend, harness.traits, sorted));
        });
        return reports;
    }
}
