package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.Snapshot;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends a client as much as it takes: step by step while the client is ready, then waits until it is again. One step at a
 * time, on any thread. Thread-safe.
 */
abstract class Pump {

    private final ServerCallStreamObserver<ReadResp> client;
    private final Executor threads;
    private final Gate gate;
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean over;

    Pump(ServerCallStreamObserver<ReadResp> client, Executor threads, Gate gate) {
        this.client = client;
        this.threads = threads;
        this.gate = gate;
        client.setOnReadyHandler(this::wake);
        client.setOnCancelHandler(this::end);
    }

    /** Something may have changed: there is more to send, or the client takes more. Returns at once. */
    final void wake() {
        if (!over && wanted.getAndIncrement() == 0) {
            try {
                threads.execute(this::run);
            } catch (RejectedExecutionException e) {
                // The node is gone and its client with it; the database may live on with another node.
                end();
            }
        }
    }

    /** Runs the first steps on the caller's thread. */
    final void start() {
        wanted.incrementAndGet();
        run();
    }

    private void run() {
        int seen = wanted.get();
        do {
            gate.pass();
            try {
                while (!over && !gate.isCut() && client.isReady() && step()) {}
                if (!over && !client.isReady()) {
                    held();
                }
            } catch (StatusRuntimeException e) {
                end();
                client.onError(e);
            } catch (RuntimeException e) {
                end();
                client.onError(Refusals.unhandled());
            }
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Sends a little; false where there is nothing to send now. */
    abstract boolean step();

    /** The client takes no more for now, although there may be more. */
    void held() {}

    /** Frees what the call held. */
    void ended() {}

    final void send(ReadResp message) {
        client.onNext(message);
    }

    /** All was sent. */
    final void complete() {
        end();
        client.onCompleted();
    }

    private void end() {
        if (!over) {
            over = true;
            ended();
        }
    }

    /** A page of events, which may be more than the client takes at once. */
    static final int PAGE = Snapshot.PAGE;
}
