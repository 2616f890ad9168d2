package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Position;
import dev.polylog.StreamId;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadMessage;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.ResolvedEvent;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** One user of the plain client. For one thread. */
final class KurrentSession implements Contender.Session {

    private static final long PATIENCE_SECONDS = 60;

    private final KurrentDBClient client;

    /** Whoever writes such events by hand keeps the metadata as bytes: encoded once, not for every event. */
    private final IdentityHashMap<Metadata, byte[]> encoded = new IdentityHashMap<>();

    KurrentSession(KurrentDBClient client) {
        this.client = client;
    }

    @Override
    public boolean append(StreamId stream, long version, List<EventData> events) throws Exception {
        StreamState expected = version == 0 ? StreamState.noStream() : StreamState.streamRevision(version - 1);
        List<io.kurrent.dbclient.EventData> sent =
                events.stream().map(this::plain).toList();
        try {
            await(client.appendToStream(
                    stream.name(), AppendToStreamOptions.get().streamState(expected), sent.iterator()));
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WrongExpectedVersionException) {
                return false;
            }
            throw e;
        }
    }

    private io.kurrent.dbclient.EventData plain(EventData event) {
        return io.kurrent.dbclient.EventData.builderAsJson(
                        event.id(), event.type(), event.payload().toByteArray())
                .metadataAsBytes(encoded.computeIfAbsent(event.metadata(), Metadata::toJson))
                .build();
    }

    @Override
    public long version(StreamId stream) throws Exception {
        try {
            List<ResolvedEvent> last = await(client.readStream(
                            stream.name(),
                            ReadStreamOptions.get().backwards().fromEnd().maxCount(1)))
                    .getEvents();
            return last.isEmpty() ? 0 : last.get(0).getOriginalEvent().getRevision() + 1;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StreamNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    @Override
    public long readStream(StreamId stream) throws Exception {
        Counter counter = new Counter(false);
        return counter.count(client.readStreamReactive(stream.name()));
    }

    /** The store's own: both work on one log. */
    @Override
    public Object mark() throws Exception {
        List<ResolvedEvent> last = await(client.readAll(
                        ReadAllOptions.get().backwards().fromEnd().maxCount(1)))
                .getEvents();
        if (last.isEmpty()) {
            return Position.START;
        }
        io.kurrent.dbclient.Position end = last.get(0).getOriginalEvent().getPosition();
        return new Position(end.getCommitUnsigned(), end.getPrepareUnsigned());
    }

    /** Behind the mark; the client begins with the event at it, and shows the server's own events too. */
    @Override
    public long readAll(Object mark) throws Exception {
        Position after = (Position) mark;
        ReadAllOptions options = ReadAllOptions.get().forwards();
        options = after.equals(Position.START)
                ? options.fromStart()
                : options.fromPosition(new io.kurrent.dbclient.Position(after.high(), after.low()));
        Counter counter = new Counter(true);
        long all = counter.count(client.readAllReactive(options));
        return after.equals(Position.START) ? all : all - 1;
    }

    private static <T> T await(Future<T> answer) throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        // The client is shared.
    }

    /** Looks at every event as it comes, and sees that they are in order. */
    private static final class Counter implements Subscriber<ReadMessage> {

        private final boolean all;
        private final CompletableFuture<Long> counted = new CompletableFuture<>();
        private long count;
        private @Nullable RecordedEvent last;

        Counter(boolean all) {
            this.all = all;
        }

        long count(Publisher<ReadMessage> read) throws Exception {
            read.subscribe(this);
            return await(counted);
        }

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ReadMessage message) {
            if (!message.hasEvent()) {
                return;
            }
            RecordedEvent event = message.getEvent().getOriginalEvent();
            if (event.getStreamId().startsWith("$")) {
                return;
            }
            RecordedEvent before = last;
            if (before != null && !follows(event, before)) {
                counted.completeExceptionally(
                        new IllegalStateException(event.getEventId() + " does not follow " + before.getEventId()));
            }
            last = event;
            count++;
        }

        private boolean follows(RecordedEvent event, RecordedEvent before) {
            return all
                    ? event.getPosition().compareTo(before.getPosition()) > 0
                    : event.getRevision() == before.getRevision() + 1;
        }

        @Override
        public void onError(@Nullable Throwable failure) {
            counted.completeExceptionally(
                    failure == null ? new IllegalStateException("the server cancelled the read") : failure);
        }

        @Override
        public void onComplete() {
            counted.complete(count);
        }
    }
}
