package dev.polylog.examples;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.time.Duration;

/** Append, subscribe and read in fifteen lines. */
public final class Quickstart {

    private Quickstart() {}

    /**
     * Runs the example on {@code orders.db} in the working folder.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        // begin quickstart
        try (EventStore store = EventStore.open("sqlite:orders.db")) {
            StreamId order = StreamId.of("Order-42");
            EventData placed = EventData.json("OrderPlaced", "{\"total\":12}");
            AppendResult result = store.append(order, ExpectedVersion.noStream(), placed);

            Subscription totals = store.subscribe(
                    SubscriptionOptions.durable("totals").filter(Filter.all().categories("Order")),
                    event -> System.out.println(event.position() + " " + event.type()));
            totals.awaitPosition(result.position(), Duration.ofSeconds(5));

            for (RecordedEvent event : store.readStream(order)) {
                System.out.println(event.version() + " " + event.type() + " "
                        + event.payload().asUtf8());
            }
        }
        // end quickstart
    }
}
