package dev.polylog.sqlite;

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
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The compatibility kit on a file. */
class SqliteTckTest implements TckHarness {

    @TempDir
    Path folder;

    @Override
    public LogBackend open() {
        return SqliteBackend.open(
                SqliteConfig.builder(folder.resolve("events.db")).build());
    }

    @Override
    public Unreachable unreachable() {
        Path missing = folder.resolve("missing/events.db");
        return new Unreachable.At("sqlite:" + missing, missing.toString(), List.of());
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
    class Cells extends CellTck {}

    @Nested
    class Lifecycle extends LifecycleTck {}

    @Nested
    class History extends HistoryTck {}

    @Nested
    class Subscriptions extends SubscriptionTck {}
}
