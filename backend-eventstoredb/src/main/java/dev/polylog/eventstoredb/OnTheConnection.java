package dev.polylog.eventstoredb;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/**
 * Has what the server says handled by the connection's own thread, instead of handing each message to another one. For a
 * client whose messages take no time to handle, and come one by one. Stateless and thread-safe.
 */
final class OnTheConnection implements ClientInterceptor {

    @Override
    public <I, O> ClientCall<I, O> interceptCall(MethodDescriptor<I, O> method, CallOptions options, Channel next) {
        return next.newCall(method, options.withExecutor(Runnable::run));
    }
}
