package dev.polylog.tck;

import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.LogBackend;
import java.util.UUID;
import org.junit.jupiter.api.Nested;

/** The kit on the reference backend: each test has a log of its own, which all of its handles share. */
class MemoryTckTest implements TckHarness, UnknownOutcomes {

    private final String name = UUID.randomUUID().toString();

    @Override
    public LogBackend open() {
        return MemoryBackend.builder().name(name).open();
    }

    @Override
    public Faulty openFaulty() {
        FaultPlan plan = new FaultPlan();
        return new FaultyMemory(MemoryBackend.builder().name(name).faults(plan).open(), plan);
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.Never("memory is always there");
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
    class Signals extends SignalTck {}

    @Nested
    class Subscriptions extends SubscriptionTck {}

    @Nested
    class Cells extends CellTck {}

    @Nested
    class Lifecycle extends LifecycleTck {}

    @Nested
    class Histories extends HistoryTck {}
}
