package dev.polylog.servers.kurrentdb;

import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the messages of a call that sends many and gets one answer. A call that breaks before its end has no effect.
 * For one thread at a time, as gRPC calls it.
 *
 * @param <Q> the messages
 * @param <R> what they make up
 */
final class Collector<Q, R extends Collector.Parts<Q>> implements StreamObserver<Q> {

    /**
     * What the messages make up.
     *
     * @param <Q> the messages
     */
    interface Parts<Q> {

        /** Takes the next message; throws what the call ends with where that is refused. */
        void add(Q message);
    }

    private final StreamObserver<?> client;
    private final R parts;
    private final Consumer<R> whole;
    private @Nullable RuntimeException refused;

    Collector(StreamObserver<?> client, R parts, Consumer<R> whole) {
        this.client = client;
        this.parts = parts;
        this.whole = whole;
    }

    @Override
    public void onNext(Q message) {
        if (refused == null) {
            try {
                parts.add(message);
            } catch (RuntimeException e) {
                refused = e;
                StreamsCalls.answering(client, () -> {
                    throw e;
                });
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        // The client is gone, and what it had sent so far is nothing.
    }

    @Override
    public void onCompleted() {
        if (refused == null) {
            StreamsCalls.answering(client, () -> whole.accept(parts));
        }
    }
}
