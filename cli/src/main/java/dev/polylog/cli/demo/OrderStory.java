package dev.polylog.cli.demo;

import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Tells the story of one order: appends, a conflict and its retry, an idempotent repeat, a live subscription that feeds
 * a read model, and a look at an earlier version. For one run.
 */
public final class OrderStory {

    private static final String CATEGORY = "Order";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventStore store;
    private final Consumer<String> out;
    private final OrderList list = new OrderList();
    private final StreamId order;
    private int step;

    /**
     * Of a new order, numbered after those that are there.
     *
     * @param store where it happens
     * @param out gets each line of the story
     */
    public OrderStory(EventStore store, Consumer<String> out) {
        this.store = store;
        this.out = out;
        this.order = StreamId.of(CATEGORY, String.valueOf(lastNumber() + 1));
    }

    private long lastNumber() {
        Filter placed = Filter.all().categories(CATEGORY).types(Order.PLACED);
        return store.readAll(ReadOptions.all().backwards().filter(placed))
                .first()
                .map(event -> event.stream().name().substring(CATEGORY.length() + 1))
                .filter(number -> number.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(0L);
    }

    /**
     * Tells it.
     *
     * @return the order
     */
    public StreamId tell() {
        SubscriptionOptions orders =
                SubscriptionOptions.ephemeral().filter(Filter.all().categories(CATEGORY));
        try (Subscription subscription = store.subscribe(orders, list::apply)) {
            step("A subscription feeds a read model, a list of all orders, from now on.");
            place();
            conflict();
            AppendResult paid = repeat();
            readModel(subscription, paid);
            timeTravel();
        }
        return order;
    }

    private void place() {
        step("An order is placed: three events in one append, all or none; the stream must not be there yet.");
        AppendResult placed = store.append(
                order,
                noStream(),
                EventData.json(Order.PLACED, "{\"customer\":\"ada\"}"),
                item("tea", 450),
                item("honey", 790));
        say(order + " is at version " + placed.version() + ", position " + placed.position() + " of the log");
    }

    private void conflict() {
        step("Ada and Ben both decide on what they saw at version 3. Ada is first.");
        say("Ada adds a cup:     version "
                + store.append(order, exactly(3), item("cup", 1200)).version());
        EventData teapot = item("teapot", 3500);
        try {
            store.append(order, exactly(3), teapot);
        } catch (VersionConflict e) {
            say("Ben adds a teapot:  conflict, expected version 3, but it is " + e.actual() + "; nothing was written");
            Order seen = fold(e.actual());
            AppendResult retried = store.append(order, exactly(e.actual()), teapot);
            say("Ben reads again (" + seen + "), still wants it: version " + retried.version());
        }
    }

    private AppendResult repeat() {
        step("The payment is stored, but its answer is lost on the way; the same append is sent again.");
        EventData paid = EventData.json(Order.PAID, "{\"method\":\"card\"}").correlatedBy("payment-" + order.name());
        AppendResult first = store.append(order, exactly(5), paid);
        say("first time:   version " + first.version());
        AppendResult second = store.append(order, exactly(5), paid);
        say("second time:  version " + second.version()
                + (second.repeated() ? ", recognised by the event's id; nothing was written" : ", written twice"));
        return second;
    }

    private void readModel(Subscription subscription, AppendResult upTo) {
        step("The subscription has followed by itself.");
        boolean there = subscription.awaitPosition(upTo.position(), PATIENCE);
        say((there ? "" : "(not yet up to date) ") + "read model, orders so far: " + list.size() + "; " + order + ": "
                + list.order(order));
    }

    private void timeTravel() {
        step("Nothing is ever overwritten, so every earlier state is still there.");
        say("at version 3:  " + fold(3));
        say("now:           " + fold(Long.MAX_VALUE));
    }

    private Order fold(long upTo) {
        Order state = Order.none();
        for (RecordedEvent event : store.readStream(order, ReadOptions.stream().limit(upTo))) {
            state = state.after(event);
        }
        return state;
    }

    private static EventData item(String name, int cents) {
        return EventData.json(Order.ITEM_ADDED, "{\"item\":\"" + name + "\",\"cents\":" + cents + "}");
    }

    private void step(String text) {
        step++;
        out.accept((step == 1 ? "" : "\n") + step + ". " + text);
    }

    private void say(String text) {
        out.accept("     " + text);
    }
}
