package dev.polylog.eventstoredb;

import dev.polylog.StoreUnavailable;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.ConnectionShutdownException;
import io.kurrent.dbclient.NoClusterNodeFoundException;
import io.kurrent.dbclient.NotLeaderException;
import io.kurrent.dbclient.RecordSizeExceededException;
import io.kurrent.dbclient.StreamDeletedException;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamTombstonedException;
import io.kurrent.dbclient.TransactionMaxSizeExceededException;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What a failure of the client means: the one place that tells known failures from unknown outcomes (rule A-05).
 *
 * <p>Whatever is not named here is unknown. Stateless and thread-safe.
 */
final class KurrentFailures {

    /** What is known about a call that failed. */
    enum Meaning {
        /** Nothing was written: an expected revision does not hold. */
        CONFLICT,
        /** Nothing was written: the stream was ended for good. */
        ENDED,
        /** The stream has no events, or was deleted. */
        MISSING,
        /** Nothing was written: this node does not lead, or nobody knows who does. */
        NOT_LEADER,
        /** Nothing was written: the call never left this process. */
        UNSENT,
        /** Nothing was written: who we are may not do that. */
        DENIED,
        /** Nothing was written, because of what was to be written. */
        REFUSED,
        /** It cannot be told. */
        UNKNOWN
    }

    private static final Metadata.Key<String> EXCEPTION =
            Metadata.Key.of("exception", Metadata.ASCII_STRING_MARSHALLER);
    private static final Set<Status.Code> LOST =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.CANCELLED);
    private static final String NO_LEADER = "No leader info available";
    private static final String NOT_LEADER_DETAIL = "NotLeaderNodeErrorDetails";
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private KurrentFailures() {}

    /** What the client's future really failed with. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Failures on the client's own stages come wrapped once more.
        if (cause.getClass() == RuntimeException.class && cause.getCause() != null) {
            return cause(cause.getCause());
        }
        return cause;
    }

    static Meaning of(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof WrongExpectedVersionException) {
            return Meaning.CONFLICT;
        }
        if (cause instanceof StreamDeletedException || cause instanceof StreamTombstonedException) {
            return Meaning.ENDED;
        }
        if (cause instanceof StreamNotFoundException) {
            return Meaning.MISSING;
        }
        if (cause instanceof NotLeaderException) {
            return Meaning.NOT_LEADER;
        }
        if (cause instanceof ConnectionShutdownException || cause instanceof NoClusterNodeFoundException) {
            return Meaning.UNSENT;
        }
        if (cause instanceof RecordSizeExceededException
                || cause instanceof TransactionMaxSizeExceededException
                || cause instanceof UnsupportedOperationException) {
            return Meaning.REFUSED;
        }
        return cause instanceof StatusRuntimeException status ? ofStatus(status) : Meaning.UNKNOWN;
    }

    private static Meaning ofStatus(StatusRuntimeException e) {
        return switch (e.getStatus().getCode()) {
            case PERMISSION_DENIED, UNAUTHENTICATED -> Meaning.DENIED;
            case INVALID_ARGUMENT, UNIMPLEMENTED -> Meaning.REFUSED;
            case NOT_FOUND -> "not-leader".equals(trailer(e)) ? Meaning.NOT_LEADER : Meaning.UNKNOWN;
            case FAILED_PRECONDITION -> ofPrecondition(e);
            case UNAVAILABLE -> neverConnected(e) ? Meaning.UNSENT : Meaning.UNKNOWN;
            case UNKNOWN ->
                String.valueOf(e.getStatus().getDescription()).startsWith(NO_LEADER)
                        ? Meaning.NOT_LEADER
                        : Meaning.UNKNOWN;
            default -> Meaning.UNKNOWN;
        };
    }

    private static Meaning ofPrecondition(StatusRuntimeException e) {
        if ("stream-deleted".equals(trailer(e))) {
            return Meaning.ENDED;
        }
        byte[] details = e.getTrailers() == null ? null : e.getTrailers().get(DETAILS);
        // The name of the message's type stands in it as text.
        boolean notLeader =
                details != null && new String(details, StandardCharsets.ISO_8859_1).contains(NOT_LEADER_DETAIL);
        return notLeader ? Meaning.NOT_LEADER : Meaning.UNKNOWN;
    }

    private static @Nullable String trailer(StatusRuntimeException e) {
        return e.getTrailers() == null ? null : e.getTrailers().get(EXCEPTION);
    }

    /** A call for which no connection could be made was never sent. */
    private static boolean neverConnected(StatusRuntimeException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the client had better be replaced: it may be dead, or connected to the wrong node. */
    static boolean isClientSuspect(Throwable failure) {
        Meaning meaning = of(failure);
        if (meaning == Meaning.NOT_LEADER || meaning == Meaning.UNSENT) {
            return true;
        }
        if (meaning != Meaning.UNKNOWN) {
            return false;
        }
        return !(cause(failure) instanceof StatusRuntimeException status)
                || LOST.contains(status.getStatus().getCode());
    }

    /** The exception for a call that wrote nothing, or was not to write. */
    static StoreUnavailable known(String address, String what, Throwable failure) {
        String nothing = what.equals("append") ? "; nothing was written" : "";
        return new StoreUnavailable(
                address + ": " + what + " failed" + nothing + ": " + message(failure) + advice(of(failure)),
                cause(failure));
    }

    private static String advice(Meaning meaning) {
        return switch (meaning) {
            case NOT_LEADER -> ". Connect with +discover, or name all nodes, so that the leader is found";
            case DENIED -> ". The user needs to read $all and to write streams that begin with $polylog";
            case UNSENT ->
                ". Look whether a node runs there, whether it speaks TLS as the client does unless tls=false says"
                        + " otherwise, and whether its certificate is for that host and trusted (tlsCaFile)";
            default -> "";
        };
    }

    /** What the client said, on one line. */
    static String message(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ConnectionShutdownException) {
            return "no node answered";
        }
        if (cause instanceof NotLeaderException) {
            return "this node does not lead the cluster";
        }
        String message = cause.getMessage();
        String said = message == null ? cause.getClass().getSimpleName() : message;
        Throwable deeper = cause.getCause();
        String why = deeper == null ? null : deeper.getMessage();
        return (said + (why == null || said.contains(why) ? "" : " (" + why + ")")).replaceAll("\\s*\\R\\s*", " ");
    }
}
