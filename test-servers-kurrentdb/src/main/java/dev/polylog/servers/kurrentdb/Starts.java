package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.Snapshot;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;

/** Where reads and subscriptions begin, and what cannot be read at all. Stateless and thread-safe. */
final class Starts {

    /** Revisions are unsigned on the way; one beyond what a stream can have is its end. */
    static final long END = Long.MAX_VALUE;

    private Starts() {}

    static long ofStream(Options options, boolean forwards) {
        Options.StreamOptions stream = options.getStream();
        if (Messages.name(stream.getStreamIdentifier()).isEmpty()) {
            throw Refusals.unhandled();
        }
        boolean end = stream.hasEnd() || (stream.hasRevision() && stream.getRevision() < 0);
        if ((forwards && end) || options.getCount() == 0) {
            throw Refusals.unknown("Unexpected ReadStreamResult: Error");
        }
        return switch (stream.getRevisionOptionCase()) {
            case REVISION -> end ? END : stream.getRevision();
            case START -> 0;
            case END -> END;
            case REVISIONOPTION_NOT_SET -> throw Refusals.unhandled();
        };
    }

    /** The start is 0, the end all ones; any other position must be one that the server gave. */
    static long ofAll(Options.AllOptions all, boolean forwards, Snapshot log) {
        return switch (all.getAllOptionCase()) {
            case POSITION -> position(all.getPosition(), log);
            case START -> 0;
            case END -> forwards ? log.end() : -1;
            case ALLOPTION_NOT_SET -> throw Refusals.unhandled();
        };
    }

    private static long position(Options.Position position, Snapshot log) {
        long commit = position.getCommitPosition();
        if (commit == -1) {
            return -1;
        }
        if (!log.isBoundary(commit) || position.getPreparePosition() != commit) {
            throw Refusals.unknown("Unexpected ReadAllResult: InvalidPosition");
        }
        return commit;
    }
}
