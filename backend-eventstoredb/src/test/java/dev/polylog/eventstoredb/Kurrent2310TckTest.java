package dev.polylog.eventstoredb;

import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentTarget;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.CellTck;
import dev.polylog.tck.HistoryTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.LifecycleTck;
import dev.polylog.tck.NewerLayout;
import dev.polylog.tck.ReadAllTck;
import dev.polylog.tck.ReadStreamTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.SubscriptionTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The compatibility kit on KurrentDB 23.10, or on a real server at -Dpolylog.kurrentdb.url. */
class Kurrent2310TckTest implements TckHarness, NewerLayout {

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
    public LogBackend open() {
        return new KurrentBackendProvider().open(BackendUrl.parse(target.url()));
    }

    @Override
    public LogBackend openNewerLayout() {
        return NewerLog.open(KurrentVersion.V23_10);
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "kurrentdb://app:s3cr3t-word@127.0.0.1:1?tls=false", "127.0.0.1:1", List.of("s3cr3t-word"));
    }

    @Nested
    class Append extends AppendTck {}

    @Nested
    class Idempotency extends IdempotencyTck {}

    @Nested
    class ReadStream extends ReadStreamTck {}

    @Nested
    class ReadAll extends ReadAllTck {}

    @Nested
    class Signal extends SignalTck {}

    @Nested
    class Cell extends CellTck {}

    @Nested
    class Lifecycle extends LifecycleTck {}

    @Nested
    class Subscriptions extends SubscriptionTck {}

    @Nested
    class Histories extends HistoryTck {}
}
