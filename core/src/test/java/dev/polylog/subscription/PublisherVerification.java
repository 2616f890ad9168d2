package dev.polylog.subscription;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;

/** The TCK's view of the publisher, on real threads; not named as a test, since TestNG and not JUnit runs it. */
public final class PublisherVerification extends FlowPublisherVerification<RecordedEvent> {

    private static final long TIMEOUT_MILLIS = 2000;
    private static final long SILENCE_MILLIS = 100;
    private static final int EVENTS = 3000;

    private final EventStore store = EventStore.over(MemoryBackend.create());
    private final EventStore closed = EventStore.over(MemoryBackend.create());

    public PublisherVerification() {
        super(new TestEnvironment(TIMEOUT_MILLIS, SILENCE_MILLIS), TIMEOUT_MILLIS);
        closed.close();
        for (int i = 0; i < EVENTS; i++) {
            store.append(StreamId.of("A-1"), ExpectedVersion.any(), EventData.json("T", "{}"));
        }
    }

    @AfterClass
    public void closeStore() {
        store.close();
    }

    @Override
    public Flow.Publisher<RecordedEvent> createFlowPublisher(long elements) {
        Flow.Publisher<RecordedEvent> endless = store.publisher(SubscriptionOptions.ephemeral());
        return elements > EVENTS ? endless : subscriber -> endless.subscribe(new Taking(subscriber, elements));
    }

    @Override
    public Flow.Publisher<RecordedEvent> createFailedFlowPublisher() {
        return closed.publisher(SubscriptionOptions.ephemeral());
    }

    /** Passes so many elements on and then completes, which a log never does. */
    private static final class Taking implements Flow.Subscriber<RecordedEvent> {

        private final Flow.Subscriber<? super RecordedEvent> target;
        private long left;
        private Flow.Subscription subscription;

        Taking(Flow.Subscriber<? super RecordedEvent> target, long left) {
            this.target = target;
            this.left = left;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            target.onSubscribe(given);
            if (left == 0) {
                given.cancel();
                target.onComplete();
            }
        }

        @Override
        public void onNext(RecordedEvent event) {
            left--;
            if (left == 0) {
                subscription.cancel();
            }
            target.onNext(event);
            if (left == 0) {
                target.onComplete();
            }
        }

        @Override
        public void onError(Throwable error) {
            target.onError(error);
        }

        @Override
        public void onComplete() {
            target.onComplete();
        }
    }
}
