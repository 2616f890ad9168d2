package dev.polylog.kafka;

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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The whole compatibility kit on three brokers. Run by {@code -Pchaos}. */
class KafkaClusterTckTest implements TckHarness, NewerLayout {

    @RegisterExtension
    @Order(1)
    static final TestCluster CLUSTER = new TestCluster();

    @RegisterExtension
    @Order(2)
    static final TestTopic TOPIC = new TestTopic(CLUSTER::cluster);

    @Override
    public LogBackend open() {
        return KafkaBackend.open(TOPIC.config().build());
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "kafka://app:s3cr3t-word@127.0.0.1:1,127.0.0.1:2/nowhere?sasl=plain&connectTimeout=2s",
                "127.0.0.1:1",
                List.of("s3cr3t-word"));
    }

    @Override
    public LogBackend openNewerLayout() {
        return new TestTopic(CLUSTER::cluster).openNewer(3);
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
