package dev.polylog.servers.kurrentdb;

import dev.polylog.StoreClosed;
import dev.polylog.servers.ServerAddress;
import dev.polylog.servers.kurrentdb.log.Change;
import dev.polylog.servers.kurrentdb.log.Database;
import dev.polylog.servers.kurrentdb.log.Outcome;
import dev.polylog.servers.kurrentdb.log.Proposal;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kurrent.dbclient.proto.streams.StreamsGrpc;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.DeleteReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.DeleteResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.TombstoneReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.TombstoneResp;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The service {@code Streams}: read, append, delete, tombstone. A node that does not lead refuses what asks for the leader
 * and forwards the rest of the writes. Appends in batches, which the Java client never sends, are UNIMPLEMENTED.
 * Thread-safe.
 */
final class StreamsCalls extends StreamsGrpc.StreamsImplBase {

    private final Database database;
    private final KurrentVersion version;
    private final Standing standing;
    private final Gate gate;
    private final Executor threads;

    StreamsCalls(Database database, KurrentVersion version, Standing standing, Gate gate, Executor threads) {
        this.database = database;
        this.version = version;
        this.standing = standing;
        this.gate = gate;
        this.threads = threads;
    }

    /** Why this node does not serve who asks for the leader, or null where it does. */
    private @Nullable Supplier<RuntimeException> refusal() {
        if (!Gate.REQUIRES_LEADER.get() || standing.isLeader()) {
            return null;
        }
        ServerAddress leader = standing.leader();
        return leader == null ? Refusals::noLeader : () -> Refusals.notLeader(leader);
    }

    private void requireServing() {
        Supplier<RuntimeException> refusal = refusal();
        if (refusal != null) {
            throw refusal.get();
        }
    }

    @Override
    public void read(ReadReq request, StreamObserver<ReadResp> responses) {
        ServerCallStreamObserver<ReadResp> client = (ServerCallStreamObserver<ReadResp>) responses;
        answering(client, () -> pump(request.getOptions(), client).start());
    }

    private Pump pump(ReadReq.Options options, ServerCallStreamObserver<ReadResp> client) {
        if (!options.hasUuidOption()) {
            throw Refusals.invalid("uuid_option is required");
        }
        if (options.hasSubscription()) {
            return options.hasStream()
                    ? new SubscriptionCall.ToStream(client, threads, gate, database, version, options, refusal())
                    : new SubscriptionCall.ToAll(client, threads, gate, database, version, options, refusal());
        }
        requireServing();
        return new ReadCall(client, threads, gate, database.snapshot(), options);
    }

    @Override
    public StreamObserver<AppendReq> append(StreamObserver<AppendResp> client) {
        return new Collector<>(client, new AppendRequest(version), request -> {
            requireServing();
            Proposal proposal = request.proposal();
            client.onNext(AppendAnswers.of(proposal, committed(new Change.Append(List.of(proposal)))));
            client.onCompleted();
        });
    }

    @Override
    public void delete(DeleteReq request, StreamObserver<DeleteResp> client) {
        answering(client, () -> {
            requireServing();
            String stream = Messages.name(request.getOptions().getStreamIdentifier());
            long expected = Expectations.of(request.getOptions());
            long position = done(stream, expected, committed(new Change.Delete(stream, expected)));
            client.onNext(DeleteResp.newBuilder()
                    .setPosition(DeleteResp.Position.newBuilder()
                            .setCommitPosition(position)
                            .setPreparePosition(position))
                    .build());
            client.onCompleted();
        });
    }

    @Override
    public void tombstone(TombstoneReq request, StreamObserver<TombstoneResp> client) {
        answering(client, () -> {
            requireServing();
            String stream = Messages.name(request.getOptions().getStreamIdentifier());
            long expected = Expectations.of(request.getOptions());
            long position = done(stream, expected, committed(new Change.Tombstone(stream, expected)));
            client.onNext(TombstoneResp.newBuilder()
                    .setPosition(TombstoneResp.Position.newBuilder()
                            .setCommitPosition(position)
                            .setPreparePosition(position))
                    .build());
            client.onCompleted();
        });
    }

    private Outcome committed(Change change) {
        Outcome outcome = database.commit(change);
        gate.pass();
        return outcome;
    }

    private static long done(String stream, long expected, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            return done.position();
        }
        throw outcome instanceof Outcome.WrongVersion wrong
                ? Refusals.wrongVersion(stream, expected, wrong.current())
                : Refusals.deleted(stream);
    }

    /** Runs a handler; what it throws becomes the call's status. */
    static void answering(StreamObserver<?> client, Runnable handler) {
        try {
            handler.run();
        } catch (StatusRuntimeException e) {
            client.onError(e);
        } catch (StoreClosed e) {
            client.onError(Refusals.notReady());
        } catch (RuntimeException e) {
            client.onError(Refusals.unhandled());
        }
    }
}
