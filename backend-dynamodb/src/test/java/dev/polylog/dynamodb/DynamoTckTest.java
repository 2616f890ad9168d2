package dev.polylog.dynamodb;

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
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The compatibility kit on DynamoDB Local. */
class DynamoTckTest implements TckHarness, NewerLayout {

    @RegisterExtension
    static final TestLog LOG = new TestLog();

    @Override
    public LogBackend open() {
        return DynamoBackend.open(LOG.config().build());
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.At(
                "dynamodb://eu-central-1/nowhere?endpoint=http://127.0.0.1:1&timeout=1s", "127.0.0.1:1", List.of());
    }

    @Override
    public LogBackend openNewerLayout() {
        TestLog newer = new TestLog();
        newer.open().close();
        newer.client()
                .updateItem(request -> request.tableName(newer.table())
                        .key(DynamoLayout.TAIL.attributes())
                        .updateExpression("SET layout = :v")
                        .expressionAttributeValues(Map.of(":v", AttributeValue.fromN("2"))));
        return newer.open();
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
