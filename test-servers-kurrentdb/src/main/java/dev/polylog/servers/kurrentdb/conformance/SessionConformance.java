package dev.polylog.servers.kurrentdb.conformance;

import static dev.polylog.servers.kurrentdb.conformance.Probe.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.AppendResponse;
import io.kurrent.dbclient.AppendStreamRequest;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.MultiStreamAppendResponse;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Appends to several streams, where the server does that. Nested empty in a {@link ConformanceHarness}. */
@ExtendWith(ConformanceExtension.class)
public class SessionConformance {

    /** For JUnit and for the nested class. */
    public SessionConformance() {}

    private static AppendStreamRequest to(String stream, StreamState expected, List<EventData> events) {
        return new AppendStreamRequest(stream, events.iterator(), expected);
    }

    private static MultiStreamAppendResponse append(Probe probe, AppendStreamRequest... requests) {
        return Probe.await(probe.client().multiStreamAppend(List.of(requests).iterator()));
    }

    /** A server that cannot do it refuses it in the client. */
    private static boolean refused(Probe probe) {
        if (probe.appendsToSeveralStreams()) {
            return false;
        }
        assertThat(catchThrowableOfType(
                        UnsupportedOperationException.class,
                        () -> append(probe, to(probe.stream(), StreamState.noStream(), events(1)))))
                .isNotNull();
        return true;
    }

    @Test
    void all_streams_are_written_with_adjacent_positions(Probe probe) {
        if (refused(probe)) {
            return;
        }
        String one = probe.stream();
        String other = probe.streamOf(2);
        MultiStreamAppendResponse response = append(
                probe, to(one, StreamState.noStream(), events(2)), to(other, StreamState.streamRevision(1), events(1)));
        assertThat(response.getResults())
                .extracting(AppendResponse::getStreamRevision)
                .containsExactly(1L, 2L);
        RecordedEvent last = probe.read(other).get(2);
        assertThat(response.getPosition()).isEqualTo(last.getPosition().getCommitUnsigned());
    }

    @Test
    void one_conflict_writes_nothing(Probe probe) {
        if (refused(probe)) {
            return;
        }
        String one = probe.stream();
        String other = probe.streamOf(2);
        WrongExpectedVersionException conflict = catchThrowableOfType(
                WrongExpectedVersionException.class,
                () -> append(
                        probe,
                        to(one, StreamState.noStream(), events(2)),
                        to(other, StreamState.streamRevision(7), events(1))));
        assertThat(conflict.getStreamName()).isEqualTo(other);
        assertThat(conflict.getActualState()).isEqualTo(StreamState.streamRevision(1));
        assertThat(catchThrowableOfType(StreamNotFoundException.class, () -> probe.read(one)))
                .isNotNull();
    }

    @Test
    void a_repeat_of_all_is_answered_as_the_first_time_and_of_a_part_is_an_error(Probe probe) {
        if (refused(probe)) {
            return;
        }
        String one = probe.stream();
        String other = probe.stream();
        List<EventData> first = events(2);
        List<EventData> second = events(1);
        MultiStreamAppendResponse done =
                append(probe, to(one, StreamState.noStream(), first), to(other, StreamState.noStream(), second));
        MultiStreamAppendResponse again =
                append(probe, to(one, StreamState.noStream(), first), to(other, StreamState.noStream(), second));
        assertThat(again.getPosition()).isEqualTo(done.getPosition());
        assertThat(catchThrowableOfType(
                        RuntimeException.class,
                        () -> append(
                                probe,
                                to(one, StreamState.noStream(), first),
                                to(probe.stream(), StreamState.noStream(), events(1)))))
                .isNotNull();
    }

    @Test
    void properties_come_back_as_metadata_with_the_schema_added(Probe probe) {
        if (refused(probe)) {
            return;
        }
        String stream = probe.stream();
        EventData event = EventData.builderAsJson("Tested", "{}".getBytes(StandardCharsets.UTF_8))
                .metadataAsBytes("{\"a\":\"b\"}".getBytes(StandardCharsets.UTF_8))
                .build();
        append(probe, to(stream, StreamState.noStream(), List.of(event)));
        assertThat(new String(probe.read(stream).get(0).getUserMetadata(), StandardCharsets.UTF_8))
                .contains("\"a\"", "\"b\"", "\"$schema.name\"", "\"Tested\"", "\"$schema.format\"");
    }

    @Test
    void the_same_stream_twice_in_any_case_of_letters_and_odd_types_are_refused(Probe probe) {
        if (refused(probe)) {
            return;
        }
        String stream = probe.stream();
        StatusRuntimeException twice = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> append(
                        probe,
                        to(stream, StreamState.any(), events(1)),
                        to(stream.toUpperCase(Locale.ROOT), StreamState.any(), events(1))));
        assertThat(twice.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
        EventData odd = EventData.builderAsJson("odd type", new byte[0]).build();
        StatusRuntimeException refused = catchThrowableOfType(
                StatusRuntimeException.class, () -> append(probe, to(probe.stream(), StreamState.any(), List.of(odd))));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
}
