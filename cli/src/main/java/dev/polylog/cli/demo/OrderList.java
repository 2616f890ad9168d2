package dev.polylog.cli.demo;

import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A read model: every order as it is now, fed by a subscription. Thread-safe. */
final class OrderList {

    private final Map<StreamId, Order> orders = new ConcurrentHashMap<>();

    void apply(RecordedEvent event) {
        orders.merge(event.stream(), Order.none().after(event), (order, first) -> order.after(event));
    }

    Order order(StreamId id) {
        return orders.getOrDefault(id, Order.none());
    }

    int size() {
        return orders.size();
    }
}
