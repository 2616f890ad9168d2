package dev.polylog.servers.kurrentdb;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where every call comes through: it can be held, made slow, and cut. What a held call had to do is done after the
 * server goes on, as by a process that was stopped for a while. What is cut ends as UNAVAILABLE, as by a connection that
 * broke: a gRPC server that is shut down would tell its clients CANCELLED, which no crash does. Thread-safe.
 */
final class Gate implements ServerInterceptor {

    /** Whether the caller insists on the leader. */
    static final Context.Key<Boolean> REQUIRES_LEADER = Context.keyWithDefault("requires-leader", false);

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("requires-leader", Metadata.ASCII_STRING_MARSHALLER);

    private final Set<Guarded<?, ?>> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean paused;
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean cut;

    void pause() {
        set(true);
    }

    void resume() {
        set(false);
    }

    private void set(boolean hold) {
        lock.lock();
        try {
            paused = hold;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void slow(Duration each) {
        delay = each;
    }

    /** Ends all calls as a broken connection does; nothing that they still do reaches a client. */
    void cut() {
        cut = true;
        open.forEach(Guarded::cut);
        resume();
    }

    boolean isCut() {
        return cut;
    }

    /** Waits while the server is held. */
    void pass() {
        lock.lock();
        try {
            while (paused && !cut) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        pass();
        if (!delay.isZero()) {
            try {
                TimeUnit.NANOSECONDS.sleep(delay.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Guarded<Q, A> guarded = new Guarded<>(call);
        open.add(guarded);
        if (cut) {
            guarded.cut();
        }
        Context context = Context.current().withValue(REQUIRES_LEADER, "true".equals(headers.get(HEADER)));
        ServerCall.Listener<Q> listener = Contexts.interceptCall(context, guarded, headers, next);
        return new ForwardingServerCallListener.SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onHalfClose() {
                begin();
                if (!cut) {
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                open.remove(guarded);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                open.remove(guarded);
                super.onComplete();
            }
        };
    }

    /** A call that can be ended from elsewhere while its handler is at work. */
    private static final class Guarded<Q, A> extends ForwardingServerCall.SimpleForwardingServerCall<Q, A> {

        private boolean over;

        Guarded(ServerCall<Q, A> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!over) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(A message) {
            if (!over) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!over) {
                over = true;
                super.close(status, trailers);
            }
        }

        void cut() {
            close(Status.UNAVAILABLE.withDescription("the connection broke"), new Metadata());
        }
    }
}
