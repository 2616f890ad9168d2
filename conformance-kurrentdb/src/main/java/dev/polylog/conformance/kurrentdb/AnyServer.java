package dev.polylog.conformance.kurrentdb;

import dev.polylog.servers.kurrentdb.conformance.AppendConformance;
import dev.polylog.servers.kurrentdb.conformance.ConformanceHarness;
import dev.polylog.servers.kurrentdb.conformance.ReadConformance;
import dev.polylog.servers.kurrentdb.conformance.SessionConformance;
import dev.polylog.servers.kurrentdb.conformance.SubscriptionConformance;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** All conformance tests, for the server that {@link ConformanceRun} names. JUnit makes it. */
@ExtendWith(AnyServer.Named.class)
@SuppressWarnings("ClassCanBeStatic") // JUnit's nested classes are inner classes
public class AnyServer implements ConformanceHarness {

    /** The configuration parameter that names the server. */
    static final String URL = "polylog.kurrentdb.url";

    private String url = "";

    /** Made by JUnit. */
    public AnyServer() {}

    @Override
    public String url() {
        return url;
    }

    /** Tells the harness which server it is; made by JUnit. */
    static final class Named implements BeforeEachCallback {

        @Override
        public void beforeEach(ExtensionContext context) {
            String url = context.getConfigurationParameter(URL)
                    .orElseThrow(() -> new IllegalStateException("this class is run by ConformanceRun only"));
            context.getRequiredTestInstances().findInstance(AnyServer.class).orElseThrow().url = url;
        }
    }

    /** Appends. */
    @Nested
    class Append extends AppendConformance {}

    /** Reads. */
    @Nested
    class Read extends ReadConformance {}

    /** Subscriptions. */
    @Nested
    class Subscription extends SubscriptionConformance {}

    /** Appends to several streams. */
    @Nested
    class Session extends SessionConformance {}
}
