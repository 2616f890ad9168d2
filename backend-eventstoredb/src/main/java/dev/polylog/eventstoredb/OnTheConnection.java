package dev.polylog.eventstoredb;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import java.util.function.Predicate;

/**
 * Has what the server says handled by the connection's own thread, instead of handing each message to another one. For
 * calls whose messages take no time to handle, and come one by one. Immutable and thread-safe.
 */
final class OnTheConnection implements ClientInterceptor {

    private final Predicate<MethodDescriptor<?, ?>> handled;

    private OnTheConnection(Predicate<MethodDescriptor<?, ?>> handled) {
        this.handled = handled;
    }

    /** Every call of a client. */
    static OnTheConnection all() {
        return new OnTheConnection(method -> true);
    }

    /** Appends, whose answer is one message, which the client takes on to a thread of its own. */
    static OnTheConnection appends() {
        return new OnTheConnection(method -> "Append".equals(method.getBareMethodName()));
    }

    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        return next.newCall(method, handled.test(method) ? options.withExecutor(Runnable::run) : options);
    }
}
