package dev.polylog.conformance.kurrentdb;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.polylog.conformance.kurrentdb.ConformanceReport.Finding;
import java.util.function.Consumer;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the conformance tests against a server; they write streams of names that nobody else has, and leave them there.
 * Stateless and thread-safe.
 */
final class ConformanceRun {

    private ConformanceRun() {}

    /**
     * Judges a server.
     *
     * @param server which
     * @param onFinding told of every test as it ends
     */
    static ConformanceReport of(Judged server, Consumer<Finding> onFinding) {
        Findings findings = new Findings(onFinding);
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(AnyServer.class))
                                .configurationParameter(AnyServer.URL, server.url())
                                .build(),
                        findings);
        return new ConformanceReport(server.version(), server.address(), findings.all());
    }
}
