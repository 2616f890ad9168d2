package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.Proposal;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.DeleteReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.TombstoneReq;

/** The expected revision of a write; none at all is refused. Stateless and thread-safe. */
final class Expectations {

    private Expectations() {}

    static long of(AppendReq.Options options) {
        return switch (options.getExpectedStreamRevisionCase()) {
            case REVISION -> options.getRevision();
            case NO_STREAM -> Proposal.NO_STREAM;
            case ANY -> Proposal.ANY;
            case STREAM_EXISTS -> Proposal.EXISTS;
            case EXPECTEDSTREAMREVISION_NOT_SET -> throw missing();
        };
    }

    static long of(DeleteReq.Options options) {
        return switch (options.getExpectedStreamRevisionCase()) {
            case REVISION -> options.getRevision();
            case NO_STREAM -> Proposal.NO_STREAM;
            case ANY -> Proposal.ANY;
            case STREAM_EXISTS -> Proposal.EXISTS;
            case EXPECTEDSTREAMREVISION_NOT_SET -> throw missing();
        };
    }

    static long of(TombstoneReq.Options options) {
        return switch (options.getExpectedStreamRevisionCase()) {
            case REVISION -> options.getRevision();
            case NO_STREAM -> Proposal.NO_STREAM;
            case ANY -> Proposal.ANY;
            case STREAM_EXISTS -> Proposal.EXISTS;
            case EXPECTEDSTREAMREVISION_NOT_SET -> throw missing();
        };
    }

    private static RuntimeException missing() {
        return Refusals.invalid("expected_stream_revision is required");
    }
}
