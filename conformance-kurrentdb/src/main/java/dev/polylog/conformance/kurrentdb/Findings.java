package dev.polylog.conformance.kurrentdb;

import dev.polylog.conformance.kurrentdb.ConformanceReport.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Collects what becomes of the conformance tests. Thread-safe. */
final class Findings implements TestExecutionListener {

    private final Consumer<Finding> onFinding;
    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    Findings(Consumer<Finding> onFinding) {
        this.onFinding = onFinding;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest() || !passed) {
            Finding finding =
                    new Finding(chapter(test), name(test), passed, millis(test), passed ? "" : message(result));
            findings.add(finding);
            onFinding.accept(finding);
        }
    }

    private long millis(TestIdentifier test) {
        long begun = started.getOrDefault(test.getUniqueId(), System.nanoTime());
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private static String chapter(TestIdentifier test) {
        Object source = test.getSource().orElse(null);
        String type = source instanceof MethodSource method
                ? method.getClassName()
                : source instanceof ClassSource whole ? whole.getClassName() : "";
        return type.substring(type.lastIndexOf('$') + 1);
    }

    private static String name(TestIdentifier test) {
        return test.getSource().orElse(null) instanceof MethodSource method
                ? method.getMethodName().replace('_', ' ')
                : test.getDisplayName();
    }

    private static String message(TestExecutionResult result) {
        return result.getThrowable().map(Throwable::toString).orElse("it was broken off");
    }

    synchronized List<Finding> all() {
        return List.copyOf(findings);
    }
}
