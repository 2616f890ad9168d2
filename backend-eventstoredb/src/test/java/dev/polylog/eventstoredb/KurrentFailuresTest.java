package dev.polylog.eventstoredb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.eventstoredb.KurrentFailures.Meaning;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.ConnectionShutdownException;
import io.kurrent.dbclient.NotLeaderException;
import io.kurrent.dbclient.StreamNotFoundException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** What each failure of the client means. */
class KurrentFailuresTest {

    private static final Set<Status.Code> DENIED =
            EnumSet.of(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED);
    private static final Set<Status.Code> REFUSED = EnumSet.of(Status.Code.INVALID_ARGUMENT, Status.Code.UNIMPLEMENTED);

    private static StatusRuntimeException status(Status status, String name, String value) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return status.asRuntimeException(trailers);
    }

    /** Only the client itself can make its exceptions. */
    private static Throwable made(Class<? extends Throwable> type, Class<?>[] parameters, Object... values) {
        try {
            Constructor<? extends Throwable> constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static Throwable notLeader() {
        return made(NotLeaderException.class, new Class<?>[] {String.class, int.class}, "leader", 2113);
    }

    private static Throwable shutDown() {
        return made(ConnectionShutdownException.class, new Class<?>[0]);
    }

    private static Throwable notFound() {
        return made(StreamNotFoundException.class, new Class<?>[] {String.class}, "s");
    }

    @Test
    void every_status_without_more_is_unknown_but_those_that_refuse() {
        for (Status.Code code : Status.Code.values()) {
            Meaning expected =
                    DENIED.contains(code) ? Meaning.DENIED : REFUSED.contains(code) ? Meaning.REFUSED : Meaning.UNKNOWN;
            assertThat(KurrentFailures.of(Status.fromCode(code).asRuntimeException()))
                    .as("%s", code)
                    .isEqualTo(expected);
        }
    }

    @Test
    void a_call_for_which_no_connection_could_be_made_was_never_sent() {
        assertThat(KurrentFailures.of(Status.UNAVAILABLE
                        .withCause(new IOException(new ConnectException("refused")))
                        .asRuntimeException()))
                .isEqualTo(Meaning.UNSENT);
        assertThat(KurrentFailures.of(Status.UNAVAILABLE
                        .withCause(new IOException("Connection reset by peer"))
                        .asRuntimeException()))
                .as("a connection that broke on the way")
                .isEqualTo(Meaning.UNKNOWN);
        assertThat(KurrentFailures.of(shutDown())).isEqualTo(Meaning.UNSENT);
    }

    @Test
    void trailers_and_details_tell_more() {
        assertThat(KurrentFailures.of(status(Status.NOT_FOUND, "exception", "not-leader")))
                .isEqualTo(Meaning.NOT_LEADER);
        assertThat(KurrentFailures.of(status(Status.FAILED_PRECONDITION, "exception", "stream-deleted")))
                .isEqualTo(Meaning.ENDED);
        assertThat(KurrentFailures.of(Status.UNKNOWN
                        .withDescription("No leader info available in response")
                        .asRuntimeException()))
                .isEqualTo(Meaning.NOT_LEADER);
        Metadata details = new Metadata();
        details.put(
                Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
                "x type.googleapis.com/kurrent.rpc.NotLeaderNodeErrorDetails y".getBytes(StandardCharsets.UTF_8));
        assertThat(KurrentFailures.of(Status.FAILED_PRECONDITION.asRuntimeException(details)))
                .isEqualTo(Meaning.NOT_LEADER);
    }

    @Test
    void causes_are_found_inside_of_what_wraps_them() {
        Throwable inner = notLeader();
        assertThat(KurrentFailures.of(new ExecutionException(new CompletionException(new RuntimeException(inner)))))
                .isEqualTo(Meaning.NOT_LEADER);
        assertThat(KurrentFailures.of(new ExecutionException(notFound()))).isEqualTo(Meaning.MISSING);
    }

    @Test
    void whatever_is_not_named_is_unknown() {
        for (Throwable failure : new Throwable[] {
            new TimeoutException(), new InterruptedException(), new NullPointerException(), new IllegalStateException()
        }) {
            assertThat(KurrentFailures.of(failure)).as("%s", failure).isEqualTo(Meaning.UNKNOWN);
        }
    }

    @Test
    void a_client_is_given_up_where_another_one_may_fare_better() {
        assertThat(KurrentFailures.isClientSuspect(new TimeoutException())).isTrue();
        assertThat(KurrentFailures.isClientSuspect(shutDown())).isTrue();
        assertThat(KurrentFailures.isClientSuspect(notLeader())).isTrue();
        assertThat(KurrentFailures.isClientSuspect(Status.UNAVAILABLE.asRuntimeException()))
                .isTrue();
        assertThat(KurrentFailures.isClientSuspect(notFound())).isFalse();
        assertThat(KurrentFailures.isClientSuspect(Status.ABORTED.asRuntimeException()))
                .as("the server took too long to commit")
                .isFalse();
        assertThat(KurrentFailures.isClientSuspect(Status.PERMISSION_DENIED.asRuntimeException()))
                .isFalse();
    }

    @Test
    void messages_name_the_cause_and_what_to_do() {
        assertThat(KurrentFailures.known("kurrentdb://h:1", "append", notLeader()))
                .hasMessageContaining("kurrentdb://h:1: append failed; nothing was written: this node does not lead")
                .hasMessageContaining("+discover");
        assertThat(KurrentFailures.known("kurrentdb://h:1", "status", shutDown()))
                .hasMessageContaining("no node answered")
                .hasMessageContaining("tlsCaFile");
        assertThat(KurrentFailures.known(
                        "kurrentdb://h:1",
                        "opening the log",
                        Status.PERMISSION_DENIED
                                .withDescription("Access\nDenied")
                                .asRuntimeException()))
                .hasMessageContaining("Access Denied")
                .hasMessageContaining("$all");
    }
}
