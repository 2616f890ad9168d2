package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;

import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.subscription.EventHandler;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.SubscriptionStatus.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the checks of chapter S share: a category and a durable name of their own, a handler that remembers, and a store
 * whose backend can be troubled. Thread-safe.
 */
final class SubscriptionFixture implements AutoCloseable {

    /** Short, so that checks which wait for a poll are quick. */
    static final Duration POLL = Duration.ofMillis(200);

    private final TckContext tck;
    private final TroubledBackend trouble;
    private final EventStore store;
    private final String category;
    private final String name;
    private final List<RecordedEvent> seen = new ArrayList<>();

    SubscriptionFixture(TckContext tck) {
        this.tck = tck;
        this.trouble = new TroubledBackend(tck.harness().open());
        this.store = EventStore.over(trouble);
        this.category = tck.unique("Sub");
        this.name = tck.unique("sub");
    }

    TroubledBackend trouble() {
        return trouble;
    }

    /** The store of the subscriptions; the appends are the context's own, which the audit knows. */
    EventStore store() {
        return store;
    }

    String name() {
        return name;
    }

    Filter own() {
        return Filter.all().categories(category);
    }

    SubscriptionOptions ephemeral() {
        return SubscriptionOptions.ephemeral()
                .filter(own())
                .from(StartFrom.after(tck.start()))
                .pollInterval(POLL);
    }

    SubscriptionOptions durable() {
        return SubscriptionOptions.durable(name)
                .filter(own())
                .from(StartFrom.after(tck.start()))
                .pollInterval(POLL)
                .checkpoint(Duration.ZERO, 1);
    }

    StreamId stream(String key) {
        return tck.ownStream(StreamId.of(category, key));
    }

    Position append(String key, int events) {
        Position last = tck.start();
        for (int i = 0; i < events; i++) {
            last = tck.store().append(stream(key), any(), tck.event()).position();
        }
        return last;
    }

    EventHandler remember() {
        return this::remember;
    }

    synchronized void remember(RecordedEvent event) {
        seen.add(event);
    }

    synchronized List<RecordedEvent> seen() {
        return List.copyOf(seen);
    }

    synchronized void forget() {
        seen.clear();
    }

    /** Stream key and version of what was handled. */
    List<String> seenNames() {
        return seen().stream().map(this::nameOf).toList();
    }

    String nameOf(RecordedEvent event) {
        return event.stream().name().substring(category.length() + 1) + "@" + event.version();
    }

    /** What the test has appended to its category. */
    List<RecordedEvent> appended() {
        return tck.appended().stream()
                .filter(event -> event.stream().category().equals(category))
                .toList();
    }

    void awaitPosition(Subscription subscription, Position position) {
        if (!subscription.awaitPosition(position, tck.patience())) {
            throw new AssertionError("position " + position + " was not reached within " + tck.patience() + ": "
                    + subscription.status());
        }
    }

    void awaitState(Subscription subscription, State state) {
        tck.eventually(
                "the subscription is " + state, () -> subscription.status().state() == state);
    }

    Throwable awaitFailure(Subscription subscription) {
        awaitState(subscription, State.FAILED);
        return Objects.requireNonNull(subscription.status().lastError(), "what stopped it");
    }

    @Override
    public void close() {
        store.close();
    }
}
