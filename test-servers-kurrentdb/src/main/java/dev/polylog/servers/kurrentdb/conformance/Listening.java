package dev.polylog.servers.kurrentdb.conformance;

import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp.ContentCase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A subscription through the bare stub: every message as the server sent it, taken no faster than the test wants. */
final class Listening implements AutoCloseable, ClientResponseObserver<ReadReq, ReadResp> {

    private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final AtomicBoolean held = new AtomicBoolean();
    private @Nullable ClientCallStreamObserver<ReadReq> call;

    private Listening() {}

    static Listening to(Probe probe, Options.Builder options) {
        Listening listening = new Listening();
        probe.streams().read(ReadReq.newBuilder().setOptions(options).build(), listening);
        return listening;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<ReadReq> started) {
        call = started;
        started.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(ReadResp message) {
        received.add(message);
        if (!held.get()) {
            request();
        }
    }

    private void request() {
        ClientCallStreamObserver<ReadReq> open = call;
        if (open != null) {
            open.request(1);
        }
    }

    @Override
    public void onError(Throwable broken) {
        received.add(broken);
    }

    @Override
    public void onCompleted() {
        received.add(new IllegalStateException("the subscription ended without a status"));
    }

    /** Takes no further messages. */
    void hold() {
        held.set(true);
    }

    void goOn() {
        held.set(false);
        request();
    }

    private Object take() {
        try {
            Object next = received.poll(Probe.PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no message within " + Probe.PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    ReadResp next() {
        Object next = take();
        if (next instanceof ReadResp message) {
            return message;
        }
        throw new AssertionError("the subscription ended", (Throwable) next);
    }

    /** All messages up to the next one of a kind, that one included. */
    List<ReadResp> until(ContentCase kind) {
        List<ReadResp> messages = new ArrayList<>();
        do {
            messages.add(next());
        } while (messages.get(messages.size() - 1).getContentCase() != kind);
        return messages;
    }

    StatusRuntimeException untilEnd() {
        while (true) {
            Object next = take();
            if (next instanceof StatusRuntimeException end) {
                return end;
            }
            if (next instanceof Throwable other) {
                throw new AssertionError("the subscription ended otherwise", other);
            }
        }
    }

    @Override
    public void close() {
        ClientCallStreamObserver<ReadReq> open = call;
        if (open != null) {
            open.cancel("the test is over", null);
        }
    }
}
