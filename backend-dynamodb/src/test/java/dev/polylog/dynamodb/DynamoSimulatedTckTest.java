package dev.polylog.dynamodb;

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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Nested;

/** The compatibility kit on the simulated service, with real threads: transactions conflict and become visible bit by bit. */
class DynamoSimulatedTckTest implements TckHarness {

    private static final SimTable TABLE = new SimTable();

    @Override
    public LogBackend open() {
        SimWorld world = new RealWorld();
        SimClient client = new SimClient(TABLE, world);
        ExecutorService executor = Executors.newCachedThreadPool();
        DynamoConfig config = DynamoConfig.builder(client, "simulated").build();
        return DynamoBackend.open(config, client, world, executor, executor::shutdown);
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "dynamodb://eu-central-1/nowhere?endpoint=http://127.0.0.1:1&timeout=1s", "127.0.0.1:1", List.of());
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
