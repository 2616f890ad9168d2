package dev.polylog.eventstoredb;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What the clients send and are sent: counted, and lost where a test wants it. Thread-safe. */
final class KurrentWire implements ClientInterceptor {

    /** What a call is for. */
    enum Kind {
        APPEND,
        READ,
        SUBSCRIPTION,
        OTHER
    }

    private final Map<Kind, AtomicInteger> begun = new ConcurrentHashMap<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile Set<Kind> silent = EnumSet.noneOf(Kind.class);
    private volatile Duration pause = Duration.ZERO;
    private final ExecutorService slow = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "slow-wire");
        thread.setDaemon(true);
        return thread;
    });

    /** How many calls of a kind were made so far. */
    int count(Kind kind) {
        return counter(kind).get();
    }

    private AtomicInteger counter(Kind kind) {
        return begun.computeIfAbsent(kind, absent -> new AtomicInteger());
    }

    /** How many subscriptions were ended by us. */
    int subscriptionsEnded() {
        return cancelled.get();
    }

    /** From now on nothing that the server says in calls of these kinds arrives; nobody is told. */
    void lose(Kind... kinds) {
        Set<Kind> lost = EnumSet.noneOf(Kind.class);
        lost.addAll(Set.of(kinds));
        silent = lost;
    }

    /** From now on so much time passes before each message of a subscription. */
    void slowSubscriptions(Duration before) {
        pause = before;
    }

    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        return new Seen<>(next.newCall(method, options), method);
    }

    private final class Seen<I, O> extends SimpleForwardingClientCall<I, O> {

        private final MethodDescriptor<I, O> method;
        private volatile @Nullable Kind kind;

        Seen(ClientCall<I, O> call, MethodDescriptor<I, O> method) {
            super(call);
            this.method = method;
        }

        private Kind kind(I message) {
            if (message instanceof ReadReq read) {
                return read.getOptions().hasSubscription() ? Kind.SUBSCRIPTION : Kind.READ;
            }
            return method.getFullMethodName().contains("Append") ? Kind.APPEND : Kind.OTHER;
        }

        @Override
        public void start(Listener<O> listener, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<>(listener) {

                        @Override
                        public void onMessage(O message) {
                            Kind known = kind;
                            if (known != null && silent.contains(known)) {
                                return;
                            }
                            if (known == Kind.SUBSCRIPTION && !pause.isZero()) {
                                // On a thread of its own: connections may share theirs.
                                slow.execute(() -> {
                                    LockSupport.parkNanos(pause.toNanos());
                                    super.onMessage(message);
                                });
                            } else {
                                super.onMessage(message);
                            }
                        }
                    },
                    headers);
        }

        @Override
        public void sendMessage(I message) {
            if (kind == null) {
                Kind found = kind(message);
                kind = found;
                counter(found).incrementAndGet();
            }
            super.sendMessage(message);
        }

        @Override
        public void cancel(@Nullable String reason, @Nullable Throwable cause) {
            if (kind == Kind.SUBSCRIPTION) {
                cancelled.incrementAndGet();
            }
            super.cancel(reason, cause);
        }
    }
}
