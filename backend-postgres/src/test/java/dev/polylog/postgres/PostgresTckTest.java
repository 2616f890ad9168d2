package dev.polylog.postgres;

import dev.polylog.spi.LogBackend;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.CellTck;
import dev.polylog.tck.HistoryTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.LifecycleTck;
import dev.polylog.tck.ReadAllTck;
import dev.polylog.tck.ReadStreamTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.SubscriptionTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.Unreachable;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The compatibility kit on PostgreSQL, as the role that owns the log. */
class PostgresTckTest implements TckHarness {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @Override
    public LogBackend open() {
        return PostgresBackend.open(TestLog.patient(LOG.access()).build());
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "postgresql://app:s3cr3t-word@127.0.0.1:1/nowhere?connectTimeout=2s",
                "127.0.0.1:1",
                List.of("s3cr3t-word"));
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
