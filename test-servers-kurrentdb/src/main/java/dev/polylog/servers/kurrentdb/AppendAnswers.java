package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.kurrentdb.log.Outcome;
import dev.polylog.servers.kurrentdb.log.Proposal;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendResp;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendResp.Success;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendResp.WrongExpectedVersion;

/**
 * The answer to an append. A repeat is answered like the first time: with the revision and the position of that earlier
 * write's last event, or without a position where that event cannot be read any more. A wrong version is an ordinary
 * answer, in the present fields and in those of 20.6. Stateless and thread-safe.
 */
final class AppendAnswers {

    private AppendAnswers() {}

    static AppendResp of(Proposal proposal, Outcome outcome) {
        if (outcome instanceof Outcome.Done done) {
            return AppendResp.newBuilder().setSuccess(success(done)).build();
        }
        if (outcome instanceof Outcome.WrongVersion wrong) {
            return AppendResp.newBuilder()
                    .setWrongExpectedVersion(wrong(proposal.expected(), wrong.current()))
                    .build();
        }
        throw Refusals.deleted(proposal.stream());
    }

    private static Success success(Outcome.Done done) {
        Success.Builder success = Success.newBuilder();
        long last = done.lastRevisions().get(0);
        if (last < 0) {
            success.setNoStream(Messages.EMPTY);
        } else {
            success.setCurrentRevision(last);
        }
        if (done.position() < 0) {
            success.setNoPosition(Messages.EMPTY);
        } else {
            success.setPosition(AppendResp.Position.newBuilder()
                    .setCommitPosition(done.position())
                    .setPreparePosition(done.position()));
        }
        return success.build();
    }

    private static WrongExpectedVersion wrong(long expected, long current) {
        WrongExpectedVersion.Builder wrong = WrongExpectedVersion.newBuilder();
        if (expected == Proposal.ANY) {
            wrong.setExpectedAny(Messages.EMPTY).setAny2060(Messages.EMPTY);
        } else if (expected == Proposal.EXISTS) {
            wrong.setExpectedStreamExists(Messages.EMPTY).setStreamExists2060(Messages.EMPTY);
        } else if (expected == Proposal.NO_STREAM) {
            wrong.setExpectedNoStream(Messages.EMPTY);
        } else {
            wrong.setExpectedRevision(expected).setExpectedRevision2060(expected);
        }
        if (current < 0) {
            wrong.setCurrentNoStream(Messages.EMPTY).setNoStream2060(Messages.EMPTY);
        } else {
            wrong.setCurrentRevision(current).setCurrentRevision2060(current);
        }
        return wrong.build();
    }
}
