package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.conformance.AppendConformance;
import dev.polylog.servers.kurrentdb.conformance.ConformanceHarness;
import dev.polylog.servers.kurrentdb.conformance.ReadConformance;
import dev.polylog.servers.kurrentdb.conformance.SessionConformance;
import dev.polylog.servers.kurrentdb.conformance.SubscriptionConformance;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The conformance tests on the protocol server as 23.10, or on a real server at -Dpolylog.kurrentdb.url. */
class Server2310ConformanceTest implements ConformanceHarness {

    private static KurrentTarget target;

    @BeforeAll
    static void start() {
        target = KurrentServers.any(KurrentVersion.V23_10);
    }

    @AfterAll
    static void close() {
        target.close();
    }

    @Override
    public String url() {
        return target.url();
    }

    @Nested
    class Append extends AppendConformance {}

    @Nested
    class Read extends ReadConformance {}

    @Nested
    class Subscription extends SubscriptionConformance {}

    @Nested
    class Session extends SessionConformance {}
}
