package dev.polylog.servers.kurrentdb;

import com.google.protobuf.Timestamp;
import dev.polylog.servers.kurrentdb.log.Database;
import dev.polylog.servers.kurrentdb.log.LogRecord;
import dev.polylog.servers.kurrentdb.log.Snapshot;
import io.grpc.stub.ServerCallStreamObserver;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: first a confirmation, then what follows the start (itself excluded), {@code caught_up} whenever it goes
 * live, and so on until the client goes.
 *
 * <p>One that cannot keep up with what is written is led back to the log and catches up again, with nothing lost or
 * repeated; 23.10 ends it instead with ABORTED, and says {@code caught_up} only once. {@code fell_behind} is never sent.
 * Thread-safe.
 */
abstract class SubscriptionCall extends Pump {

    /** How many events the server keeps for a slow subscriber: two buffers of 32. */
    static final int BUFFERED = 64;

    private final Database database;
    private final KurrentVersion version;
    private final @Nullable Supplier<RuntimeException> refusal;
    private final Runnable listener = this::wake;
    private boolean confirmed;
    private boolean live;
    private boolean everLive;

    SubscriptionCall(
            ServerCallStreamObserver<ReadResp> client,
            Executor threads,
            Gate gate,
            Database database,
            KurrentVersion version,
            @Nullable Supplier<RuntimeException> refusal) {
        super(client, threads, gate);
        this.database = database;
        this.version = version;
        this.refusal = refusal;
        database.listen(listener);
    }

    @Override
    void ended() {
        database.forget(listener);
    }

    /** A page after the cursor; the cursor moves with it. Empty at the end. */
    abstract List<ReadResp> next(Snapshot log);

    /** How many events lie between the cursor and the end, as far as it matters. */
    abstract int behind(Snapshot log);

    /** What is told when everything was sent; null where there is nothing to tell of yet. */
    abstract ReadResp.@Nullable CaughtUp caughtUp(Snapshot log);

    /** Whether there is something to catch up with, which a node that is asked for the leader refuses. */
    abstract boolean startsBehind(Snapshot log);

    @Override
    boolean step() {
        Snapshot log = database.snapshot();
        if (!confirmed) {
            confirmed = true;
            send(Messages.confirmation(UUID.randomUUID()));
            // A follower confirms, and refuses only when it has to read for who wants the leader.
            if (refusal != null && startsBehind(log)) {
                throw refusal.get();
            }
            return true;
        }
        List<ReadResp> page = next(log);
        if (!page.isEmpty()) {
            page.forEach(this::send);
            return true;
        }
        return goLive(log);
    }

    private boolean goLive(Snapshot log) {
        boolean tell = !live && (!everLive || !version.dropsSlowSubscribers());
        if (tell) {
            ReadResp.CaughtUp message = caughtUp(log);
            if (message == null) {
                return false;
            }
            send(ReadResp.newBuilder().setCaughtUp(message).build());
        }
        live = true;
        everLive = true;
        return false;
    }

    @Override
    void held() {
        if (!live || behind(database.snapshot()) <= BUFFERED) {
            return;
        }
        if (version.dropsSlowSubscribers()) {
            throw Refusals.tooSlow();
        }
        live = false;
    }

    final boolean saysWhere() {
        return version.saysWhereItCaughtUp();
    }

    static Timestamp now() {
        Instant now = Instant.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    /** A subscription to one stream. */
    static final class ToStream extends SubscriptionCall {

        private final String stream;
        private final Options options;
        private final KurrentVersion version;
        private long after;
        private boolean ended;

        ToStream(
                ServerCallStreamObserver<ReadResp> client,
                Executor threads,
                Gate gate,
                Database database,
                KurrentVersion version,
                Options options,
                @Nullable Supplier<RuntimeException> refusal) {
            super(client, threads, gate, database, version, refusal);
            this.options = options;
            this.version = version;
            this.stream = Messages.name(options.getStream().getStreamIdentifier());
            if (stream.isEmpty()) {
                throw Refusals.unhandled();
            }
            this.after = after(options.getStream(), database.snapshot());
            if (database.snapshot().isTombstoned(stream)) {
                throw Refusals.deleted(stream);
            }
        }

        private long after(Options.StreamOptions start, Snapshot log) {
            return switch (start.getRevisionOptionCase()) {
                case REVISION -> start.getRevision() < 0 ? log.last(stream) : start.getRevision();
                case START -> -1;
                case END -> log.last(stream);
                case REVISIONOPTION_NOT_SET -> throw Refusals.unhandled();
            };
        }

        @Override
        List<ReadResp> next(Snapshot log) {
            if (ended) {
                throw Refusals.deleted(stream);
            }
            if (log.isTombstoned(stream)) {
                // Who is subscribed gets the record that ended the stream, then the error.
                ended = true;
                LogRecord end = log.tombstone(stream);
                return end == null ? List.of() : List.of(message(end, log));
            }
            if (log.isMissing(stream)) {
                return List.of();
            }
            List<LogRecord> page = log.forwards(stream, after + 1, PAGE);
            if (!page.isEmpty()) {
                after = page.get(page.size() - 1).revision();
            }
            return page.stream().map(event -> message(event, log)).toList();
        }

        private ReadResp message(LogRecord event, Snapshot log) {
            return Messages.event(
                    event, options.getUuidOption().hasStructured(), options.getResolveLinks() ? log : null);
        }

        @Override
        int behind(Snapshot log) {
            return (int) Math.min(Integer.MAX_VALUE, Math.max(0, log.last(stream) - after));
        }

        @Override
        boolean startsBehind(Snapshot log) {
            return after < log.last(stream);
        }

        @Override
        ReadResp.@Nullable CaughtUp caughtUp(Snapshot log) {
            // 23.10 looks again and again for a stream that is not there, and has nothing to say meanwhile.
            if (log.isMissing(stream) && version.dropsSlowSubscribers()) {
                return null;
            }
            ReadResp.CaughtUp.Builder told = ReadResp.CaughtUp.newBuilder();
            if (saysWhere()) {
                told.setTimestamp(now());
                if (!log.isMissing(stream)) {
                    told.setStreamRevision(log.last(stream));
                }
            }
            return told.build();
        }
    }

    /** A subscription to everything, or to what passes a filter; that one is told how far was looked. */
    static final class ToAll extends SubscriptionCall {

        private final Options options;
        private final @Nullable Filter filter;
        private long from;
        private long lastSeen;
        private long looked;
        private long lastCheckpoint = -1;

        ToAll(
                ServerCallStreamObserver<ReadResp> client,
                Executor threads,
                Gate gate,
                Database database,
                KurrentVersion version,
                Options options,
                @Nullable Supplier<RuntimeException> refusal) {
            super(client, threads, gate, database, version, refusal);
            this.options = options;
            this.filter = options.hasFilter() ? Filter.of(options.getFilter()) : null;
            this.from = from(options.getAll(), database.snapshot());
            this.lastSeen = from == 0 ? 0 : from - 1;
        }

        /** The first position that is not behind the start any more. */
        private static long from(Options.AllOptions all, Snapshot log) {
            return switch (all.getAllOptionCase()) {
                case POSITION -> after(all.getPosition(), log);
                case START -> 0;
                case END -> log.end();
                case ALLOPTION_NOT_SET -> throw Refusals.unhandled();
            };
        }

        private static long after(Options.Position position, Snapshot log) {
            long commit = position.getCommitPosition();
            if (commit == -1) {
                return log.end();
            }
            if (!log.isBoundary(commit) || commit != position.getPreparePosition()) {
                throw Refusals.invalid("Trying to read from an invalid position.");
            }
            return commit + 1;
        }

        @Override
        List<ReadResp> next(Snapshot log) {
            Snapshot.AllPage page = log.forwards(
                    from, PAGE, event -> filter == null || filter.wanted().test(event));
            if (page.looked() == 0) {
                return atEnd();
            }
            from = page.upTo() + 1;
            lastSeen = page.upTo();
            looked += page.looked();
            List<ReadResp> messages = new ArrayList<>(page.events().stream()
                    .map(event -> Messages.event(
                            event, options.getUuidOption().hasStructured(), options.getResolveLinks() ? log : null))
                    .toList());
            if (filter != null && looked >= filter.interval()) {
                looked = 0;
                messages.add(checkpoint());
            }
            return messages.isEmpty() ? next(log) : messages;
        }

        /** Before it goes live a filtered subscription is always told how far was looked. */
        private List<ReadResp> atEnd() {
            boolean tell = filter != null && !isLive() && lastSeen > lastCheckpoint && lastSeen > 0;
            return tell ? List.of(checkpoint()) : List.of();
        }

        private ReadResp checkpoint() {
            lastCheckpoint = lastSeen;
            return Messages.checkpoint(lastSeen, now());
        }

        @Override
        int behind(Snapshot log) {
            return log.forwards(from, BUFFERED + 1, event -> true).looked();
        }

        @Override
        boolean startsBehind(Snapshot log) {
            return behind(log) > 0;
        }

        @Override
        ReadResp.CaughtUp caughtUp(Snapshot log) {
            ReadResp.CaughtUp.Builder told = ReadResp.CaughtUp.newBuilder();
            if (saysWhere()) {
                told.setTimestamp(now())
                        .setPosition(ReadResp.Position.newBuilder()
                                .setCommitPosition(lastSeen)
                                .setPreparePosition(lastSeen));
            }
            return told.build();
        }
    }

    final boolean isLive() {
        return live;
    }
}
