package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.kurrent.dbclient.proto.streams.StreamsGrpc;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OnTheConnectionTest {

    private static final Executor USUAL = task -> new Thread(task).start();

    private static @Nullable Executor handlerOf(OnTheConnection interceptor, MethodDescriptor<?, ?> method) {
        Asked asked = new Asked();
        try {
            interceptor.interceptCall(method, CallOptions.DEFAULT.withExecutor(USUAL), asked);
            return asked.executor;
        } finally {
            asked.nowhere.shutdownNow();
        }
    }

    private static boolean isOnTheCallersThread(@Nullable Executor executor) {
        Thread[] ran = new Thread[1];
        assertThat(executor).isNotNull();
        executor.execute(() -> ran[0] = Thread.currentThread());
        return ran[0] == Thread.currentThread();
    }

    @Test
    void the_answers_of_appends_are_handled_where_they_come_and_pages_are_not() {
        OnTheConnection appends = OnTheConnection.appends();
        assertThat(isOnTheCallersThread(handlerOf(appends, StreamsGrpc.getAppendMethod())))
                .isTrue();
        assertThat(handlerOf(appends, StreamsGrpc.getReadMethod())).isSameAs(USUAL);
    }

    @Test
    void all_means_subscriptions_too() {
        assertThat(isOnTheCallersThread(handlerOf(OnTheConnection.all(), StreamsGrpc.getReadMethod())))
                .isTrue();
    }

    /** Remembers who was to handle the call that it was asked for. */
    private static final class Asked extends Channel {

        private final ManagedChannel nowhere =
                ManagedChannelBuilder.forAddress("localhost", 1).build();

        private @Nullable Executor executor;

        @Override
        public <I, O> ClientCall<I, O> newCall(MethodDescriptor<I, O> method, CallOptions options) {
            executor = options.getExecutor();
            // Never started, so nobody is called.
            return nowhere.newCall(method, options);
        }

        @Override
        public String authority() {
            return nowhere.authority();
        }
    }
}
