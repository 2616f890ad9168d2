package dev.polylog.servers.kurrentdb.conformance;

import static dev.polylog.servers.kurrentdb.conformance.Probe.event;
import static dev.polylog.servers.kurrentdb.conformance.Probe.events;
import static io.kurrent.dbclient.StreamState.any;
import static io.kurrent.dbclient.StreamState.noStream;
import static io.kurrent.dbclient.StreamState.streamExists;
import static io.kurrent.dbclient.StreamState.streamRevision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WriteResult;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Appends and the rules by which repeats are recognised. Nested empty in a {@link ConformanceHarness}. */
@ExtendWith(ConformanceExtension.class)
public class AppendConformance {

    /** For JUnit and for the nested class. */
    public AppendConformance() {}

    private static StreamState conflict(Probe probe, String stream, StreamState expected, EventData... events) {
        return catchThrowableOfType(WrongExpectedVersionException.class, () -> probe.append(stream, expected, events))
                .getActualState();
    }

    /** The client's own comparison of results tells equal positions apart. */
    private static void same(WriteResult again, WriteResult first) {
        assertThat(again.getNextExpectedRevision()).isEqualTo(first.getNextExpectedRevision());
        assertThat(again.getLogPosition()).isEqualTo(first.getLogPosition());
    }

    @Test
    void the_answer_has_the_revision_and_the_position_of_the_last_event(Probe probe) {
        String stream = probe.stream();
        WriteResult result = probe.append(stream, noStream(), events(3));
        RecordedEvent last = probe.read(stream).get(2);
        assertThat(result.getNextExpectedRevision()).isEqualTo(streamRevision(2));
        assertThat(result.getLogPosition()).isEqualTo(last.getPosition());
    }

    @Test
    void events_come_back_as_they_were_given(Probe probe) {
        String stream = probe.stream();
        byte[] bytes = {0, 1, (byte) 0xff, (byte) 0xc0};
        byte[] metadata = "{ \"a\" : 1.00 }".getBytes(StandardCharsets.UTF_8);
        UUID id = UUID.randomUUID();
        probe.append(
                stream,
                noStream(),
                EventData.builderAsBinary(id, "Binary type \u00e9", bytes)
                        .metadataAsBytes(metadata)
                        .build(),
                event());
        List<RecordedEvent> read = probe.read(stream);
        assertThat(read.get(0).getEventId()).isEqualTo(id);
        assertThat(read.get(0).getEventType()).isEqualTo("Binary type \u00e9");
        assertThat(read.get(0).getEventData()).isEqualTo(bytes);
        assertThat(read.get(0).getUserMetadata()).isEqualTo(metadata);
        assertThat(read.get(0).getContentType()).isEqualTo("application/octet-stream");
        assertThat(read.get(1).getContentType()).isEqualTo("application/json");
        assertThat(read.get(1).getUserMetadata()).isEmpty();
        assertThat(read.get(0).getCreated())
                .isBetween(
                        Instant.now().minus(Duration.ofHours(1)), Instant.now().plus(Duration.ofHours(1)));
    }

    @Test
    void a_wrong_version_tells_the_present_one(Probe probe) {
        String stream = probe.streamOf(2);
        assertThat(conflict(probe, stream, noStream(), event())).isEqualTo(streamRevision(1));
        assertThat(conflict(probe, stream, streamRevision(0), event())).isEqualTo(streamRevision(1));
        assertThat(conflict(probe, stream, streamRevision(5), event())).isEqualTo(streamRevision(1));
        assertThat(conflict(probe, probe.stream(), streamRevision(0), event())).isEqualTo(noStream());
        assertThat(conflict(probe, probe.stream(), streamExists(), event())).isEqualTo(noStream());
        assertThat(probe.read(stream)).hasSize(2);
    }

    @Test
    void an_exact_repeat_is_answered_as_the_first_time_after_others_wrote(Probe probe) {
        String stream = probe.streamOf(1);
        List<EventData> events = events(2);
        WriteResult first = probe.append(stream, streamRevision(0), events);
        probe.append(stream, streamRevision(2), events(3));
        same(probe.append(stream, streamRevision(0), events), first);
        assertThat(probe.read(stream)).hasSize(6);
    }

    @Test
    void any_recognises_a_recent_repeat_by_its_ids(Probe probe) {
        String stream = probe.stream();
        List<EventData> events = events(2);
        WriteResult first = probe.append(stream, any(), events);
        probe.append(stream, any(), event());
        same(probe.append(stream, any(), events), first);
        same(probe.append(stream, streamExists(), events), first);
        assertThat(probe.read(stream)).hasSize(3);
    }

    @Test
    void a_part_of_a_repeat_is_a_wrong_version_even_with_any(Probe probe) {
        String stream = probe.stream();
        EventData known = event();
        probe.append(stream, noStream(), known);
        assertThat(conflict(probe, stream, any(), known, event())).isEqualTo(streamRevision(0));
        assertThat(conflict(probe, stream, noStream(), known, event())).isEqualTo(streamRevision(0));
        probe.append(stream, any(), event(), known);
        assertThat(probe.read(stream)).as("the first id was new").hasSize(3);
    }

    @Test
    void at_the_end_of_the_stream_ids_are_not_looked_at(Probe probe) {
        String stream = probe.stream();
        EventData known = event();
        probe.append(stream, noStream(), known);
        probe.append(stream, streamRevision(0), known);
        assertThat(probe.read(stream)).hasSize(2);
    }

    @Test
    void the_same_id_in_another_stream_is_written(Probe probe) {
        EventData same = event();
        String one = probe.stream();
        String other = probe.stream();
        probe.append(one, any(), same);
        probe.append(other, any(), same);
        assertThat(probe.read(other)).hasSize(1);
    }

    @Test
    void the_same_id_twice_in_one_append_is_written_twice(Probe probe) {
        String stream = probe.stream();
        EventData same = event();
        WriteResult first = probe.append(stream, noStream(), same, same);
        same(probe.append(stream, noStream(), same, same), first);
        assertThat(probe.read(stream)).hasSize(2);
    }

    @Test
    void an_append_without_events_checks_the_version_and_shows_nothing(Probe probe) {
        String stream = probe.stream();
        assertThat(probe.append(stream, noStream()).getNextExpectedRevision()).isEqualTo(noStream());
        probe.append(stream, noStream(), events(2));
        assertThat(probe.append(stream, streamRevision(1)).getNextExpectedRevision())
                .isEqualTo(streamRevision(1));
        assertThat(conflict(probe, stream, streamRevision(0))).isEqualTo(streamRevision(1));
        assertThat(probe.read(stream)).hasSize(2);
    }

    @Test
    void an_all_zero_id_is_an_exception_that_nobody_handles(Probe probe) {
        String stream = probe.stream();
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class, () -> probe.append(stream, any(), event(new UUID(0, 0))));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void a_megabyte_is_too_much_for_old_servers(Probe probe) {
        EventData large =
                EventData.builderAsBinary("Large", new byte[(1 << 20) + 1]).build();
        String stream = probe.stream();
        if (probe.appendsToSeveralStreams()) {
            probe.append(stream, any(), large);
            assertThat(probe.read(stream).get(0).getEventData()).hasSize((1 << 20) + 1);
            return;
        }
        StatusRuntimeException e =
                catchThrowableOfType(StatusRuntimeException.class, () -> probe.append(stream, any(), large));
        if (e == null) {
            // 24.10 and 25.0 limit the append as 23.10 does.
            throw new AssertionError("an append of more than 1 MiB was accepted");
        }
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(Probe.trailer(e, "exception")).isEqualTo("maximum-append-size-exceeded");
    }
}
