package dev.polylog.servers.kurrentdb;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import dev.polylog.servers.ServerAddress;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.kurrentdb.protocol.v2.common.errors.NotLeaderNodeErrorDetails;
import io.kurrentdb.protocol.v2.streams.errors.StreamAlreadyInAppendSessionErrorDetails;
import io.kurrentdb.protocol.v2.streams.errors.StreamRevisionConflictErrorDetails;
import io.kurrentdb.protocol.v2.streams.errors.StreamTombstonedErrorDetails;
import java.util.Locale;
import java.util.UUID;

/**
 * How the server says no: status, text and trailers. The first protocol puts what happened into ASCII trailers, the
 * second one into details of its status. Stateless and thread-safe.
 */
final class Refusals {

    private Refusals() {}

    private static StatusRuntimeException refuse(Status status, String... trailers) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < trailers.length; i += 2) {
            metadata.put(Metadata.Key.of(trailers[i], Metadata.ASCII_STRING_MARSHALLER), trailers[i + 1]);
        }
        return status.asRuntimeException(metadata);
    }

    static StatusRuntimeException deleted(String stream) {
        return refuse(
                Status.FAILED_PRECONDITION.withDescription("Event stream '" + stream + "' is deleted."),
                "exception",
                "stream-deleted",
                "stream-name",
                ascii(stream));
    }

    /** A wrong version is an error for deletes only; an append answers it as an ordinary response. */
    static StatusRuntimeException wrongVersion(String stream, long expected, long actual) {
        return refuse(
                Status.FAILED_PRECONDITION.withDescription("Append failed due to WrongExpectedVersion. Stream: "
                        + stream + ", Expected version: " + expected + ", Actual version: " + actual),
                "exception",
                "wrong-expected-version",
                "stream-name",
                ascii(stream),
                "expected-version",
                String.valueOf(expected),
                "actual-version",
                actual < 0 ? "" : String.valueOf(actual));
    }

    static StatusRuntimeException missingMetadataProperty() {
        return refuse(
                Status.INVALID_ARGUMENT.withDescription("Required Metadata Property is missing"),
                "exception",
                "missing-required-metadata-property",
                "required-metadata-properties",
                "type,content-type");
    }

    static StatusRuntimeException appendTooLarge(int most) {
        return refuse(
                Status.INVALID_ARGUMENT.withDescription("Maximum Append Size of " + most + " Exceeded."),
                "exception",
                "maximum-append-size-exceeded",
                "maximum-append-size",
                String.valueOf(most));
    }

    static StatusRuntimeException eventTooLarge(int most, UUID id, long size) {
        return refuse(
                Status.INVALID_ARGUMENT.withDescription("Maximum Append Event Size of " + most + " Exceeded."),
                "exception",
                "maximum-append-event-size-exceeded",
                "maximum-append-event-size",
                String.valueOf(most),
                "event-id",
                id.toString(),
                "proposed-append-event-size",
                String.valueOf(size));
    }

    static StatusRuntimeException notLeader(ServerAddress leader) {
        return refuse(
                Status.NOT_FOUND.withDescription("Leader info available"),
                "exception",
                "not-leader",
                "leader-endpoint-host",
                leader.host(),
                "leader-endpoint-port",
                String.valueOf(leader.port()));
    }

    static StatusRuntimeException noLeader() {
        return refuse(Status.UNKNOWN.withDescription("No leader info available in response"));
    }

    static StatusRuntimeException notReady() {
        return refuse(Status.UNAVAILABLE.withDescription("Server Is Not Ready"));
    }

    static StatusRuntimeException tooSlow() {
        return refuse(
                Status.ABORTED.withDescription("Operation timed out: Consumer too slow to handle event while live."
                        + " Client resubscription required."));
    }

    static StatusRuntimeException invalid(String what) {
        return refuse(Status.INVALID_ARGUMENT.withDescription(what));
    }

    /** What an exception that nobody handles becomes on the way out. */
    static StatusRuntimeException unhandled() {
        return refuse(Status.UNKNOWN.withDescription("Exception was thrown by handler."));
    }

    static StatusRuntimeException unknown(String what) {
        return refuse(Status.UNKNOWN.withDescription(what));
    }

    /** Known of the real server is only that it can do this, not how it answers. */
    static StatusRuntimeException unimplemented(String what) {
        return refuse(Status.UNIMPLEMENTED.withDescription(what + " is not a part of this test server"));
    }

    static StatusRuntimeException conflictOfSession(String stream, long expected, long actual) {
        return detailed(
                Code.FAILED_PRECONDITION,
                String.format(Locale.ROOT, "Append failed due to a revision conflict on stream '%s'.", stream),
                StreamRevisionConflictErrorDetails.newBuilder()
                        .setStream(stream)
                        .setExpectedRevision(expected)
                        .setActualRevision(actual)
                        .build());
    }

    /** A deleted stream is always reported as one that was ended for good. */
    static StatusRuntimeException tombstonedInSession(String stream) {
        return detailed(
                Code.FAILED_PRECONDITION,
                "Stream '" + stream + "' has been tombstoned.",
                StreamTombstonedErrorDetails.newBuilder().setStream(stream).build());
    }

    static StatusRuntimeException twiceInSession(String stream) {
        return detailed(
                Code.ABORTED,
                "Stream '" + stream + "' is already part of this append session.",
                StreamAlreadyInAppendSessionErrorDetails.newBuilder()
                        .setStream(stream)
                        .build());
    }

    static StatusRuntimeException notLeaderInSession(ServerAddress leader) {
        return detailed(
                Code.FAILED_PRECONDITION,
                "This node is not the leader.",
                NotLeaderNodeErrorDetails.newBuilder()
                        .setCurrentLeader(NotLeaderNodeErrorDetails.NodeInfo.newBuilder()
                                .setHost(leader.host())
                                .setPort(leader.port()))
                        .build());
    }

    static StatusRuntimeException detailed(Code code, String text, Message detail) {
        return StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(text)
                .addDetails(Any.pack(detail))
                .build());
    }

    /** Trailers are ASCII: whatever is not is left out. */
    private static String ascii(String text) {
        StringBuilder kept = new StringBuilder();
        text.chars().filter(c -> c >= ' ' && c < 127).forEach(c -> kept.append((char) c));
        return kept.toString();
    }
}
