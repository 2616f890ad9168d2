package dev.polylog.servers.kurrentdb.conformance;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives every test a {@link Probe} on the harness's server and closes it afterwards. Stateless. */
public final class ConformanceExtension implements ParameterResolver, AfterEachCallback {

    private static final ExtensionContext.Namespace SPACE =
            ExtensionContext.Namespace.create(ConformanceExtension.class);

    /** For JUnit. */
    public ConformanceExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(Probe.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ConformanceHarness harness = context.getRequiredTestInstances()
                .findInstance(ConformanceHarness.class)
                .orElseThrow(() -> new IllegalStateException(
                        "nest the chapter in a class that implements " + ConformanceHarness.class.getName()));
        return context.getStore(SPACE).computeIfAbsent(Probe.class, type -> new Probe(harness.url()), Probe.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Probe probe = context.getStore(SPACE).remove(Probe.class, Probe.class);
        if (probe != null) {
            probe.close();
        }
    }
}
