package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.LogRecord;
import dev.polylog.servers.kurrentdb.log.Snapshot;
import io.grpc.stub.ServerCallStreamObserver;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A read that ends: of a stream or of everything, in pages of 32.
 *
 * <p>A stream: forwards and backwards include the revision to begin with; a missing or deleted one is a message of its
 * own, one that was ended for good an error; the last revision is always told at the end, the first one only where a
 * forward read finds its first page empty. Everything: forwards includes the position, backwards excludes it; no
 * positions are told. Thread-safe.
 */
final class ReadCall extends Pump {

    private final Snapshot log;
    private final Options options;
    private final boolean forwards;
    private final boolean structured;
    private final @Nullable String stream;
    private long next;
    private long remaining;
    private boolean begun;

    ReadCall(ServerCallStreamObserver<ReadResp> client, Executor threads, Gate gate, Snapshot log, Options options) {
        super(client, threads, gate);
        this.log = log;
        this.options = options;
        this.forwards = options.getReadDirection() == Options.ReadDirection.Forwards;
        this.structured = options.getUuidOption().hasStructured();
        this.stream = options.hasStream() ? Messages.name(options.getStream().getStreamIdentifier()) : null;
        this.remaining = options.getCount() < 0 ? Long.MAX_VALUE : options.getCount();
        this.next = stream == null ? Starts.ofAll(options.getAll(), forwards, log) : Starts.ofStream(options, forwards);
    }

    @Override
    boolean step() {
        return stream == null ? stepAll() : stepStream(stream);
    }

    private boolean stepStream(String name) {
        if (!begun) {
            begun = true;
            if (log.isTombstoned(name)) {
                throw Refusals.deleted(name);
            }
            if (log.isMissing(name)) {
                send(Messages.notFound(name));
                complete();
                return false;
            }
            if (forwards) {
                tellFirst(name);
            }
        }
        int most = (int) Math.min(PAGE, remaining);
        List<LogRecord> page = forwards ? log.forwards(name, next, most) : log.backwards(name, next, most);
        sendAll(page);
        remaining -= page.size();
        if (page.size() < most || remaining == 0) {
            send(Messages.last(log.last(name)));
            complete();
            return false;
        }
        next = page.get(page.size() - 1).revision() + (forwards ? 1 : -1);
        return true;
    }

    /** Only where the whole first page is empty: what is shown begins later, or the stream ends before. */
    private void tellFirst(String name) {
        long shown = log.firstShown(name, next);
        boolean firstPageIsEmpty = shown >= next + PAGE || shown > log.last(name);
        if (firstPageIsEmpty && shown != next) {
            send(Messages.first(shown));
        }
    }

    private boolean stepAll() {
        int most = (int) Math.min(PAGE, remaining);
        Filter filter = options.hasFilter() ? Filter.of(options.getFilter()) : null;
        Snapshot.AllPage page = forwards
                ? log.forwards(
                        next, most, event -> filter == null || filter.wanted().test(event))
                : log.backwards(
                        next, most, event -> filter == null || filter.wanted().test(event));
        sendAll(page.events());
        remaining -= page.events().size();
        if (page.atEnd() || remaining == 0) {
            complete();
            return false;
        }
        next = forwards ? page.upTo() + 1 : page.upTo();
        return true;
    }

    private void sendAll(List<LogRecord> page) {
        for (LogRecord event : page) {
            send(Messages.event(event, structured, options.getResolveLinks() ? log : null));
        }
    }
}
