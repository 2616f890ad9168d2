package dev.polylog.servers.kurrentdb.conformance;

import static dev.polylog.servers.kurrentdb.conformance.Probe.event;
import static dev.polylog.servers.kurrentdb.conformance.Probe.events;
import static io.kurrent.dbclient.StreamState.any;
import static io.kurrent.dbclient.StreamState.noStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.Position;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadResult;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamDeletedException;
import io.kurrent.dbclient.StreamMetadata;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WrongExpectedVersionException;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadReq.Options;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Reads of streams and of everything. Nested empty in a {@link ConformanceHarness}. */
@ExtendWith(ConformanceExtension.class)
public class ReadConformance {

    /** For JUnit and for the nested class. */
    public ReadConformance() {}

    private static List<Long> revisions(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::getRevision).toList();
    }

    private static List<ReadResp> raw(Probe probe, Options.Builder options) {
        List<ReadResp> answer = new ArrayList<>();
        probe.blocking().read(ReadReq.newBuilder().setOptions(options).build()).forEachRemaining(answer::add);
        return answer;
    }

    private static Options.Builder forwards(String stream, long from, long count) {
        return Probe.options()
                .setStream(Options.StreamOptions.newBuilder()
                        .setStreamIdentifier(Probe.identifier(stream))
                        .setRevision(from))
                .setCount(count);
    }

    @Test
    void a_stream_is_read_from_a_revision_itself_included(Probe probe) {
        String stream = probe.streamOf(5);
        ReadStreamOptions forwards = ReadStreamOptions.get().forwards();
        ReadStreamOptions backwards = ReadStreamOptions.get().backwards();
        assertThat(revisions(probe.read(stream, forwards.fromRevision(3)))).containsExactly(3L, 4L);
        assertThat(revisions(probe.read(stream, backwards.fromRevision(2)))).containsExactly(2L, 1L, 0L);
        assertThat(revisions(probe.read(stream, backwards.fromEnd().maxCount(2))))
                .containsExactly(4L, 3L);
        assertThat(revisions(
                        probe.read(stream, ReadStreamOptions.get().backwards().fromRevision(99))))
                .containsExactly(4L, 3L, 2L, 1L, 0L);
    }

    @Test
    void the_last_revision_is_always_told_also_where_the_count_cut_the_read(Probe probe) {
        String stream = probe.streamOf(50);
        for (ReadStreamOptions options : List.of(
                ReadStreamOptions.get().forwards().fromStart().maxCount(3),
                ReadStreamOptions.get().backwards().fromEnd().maxCount(3),
                ReadStreamOptions.get().forwards().fromRevision(70))) {
            ReadResult result = Probe.await(probe.client().readStream(stream, options));
            assertThat(result.getLastStreamPosition()).isEqualTo(49);
        }
    }

    @Test
    void a_stream_that_never_was_is_not_found(Probe probe) {
        assertThat(catchThrowableOfType(StreamNotFoundException.class, () -> probe.read(probe.stream())))
                .isNotNull();
    }

    @Test
    void a_read_beyond_the_end_is_empty_and_tells_where_the_stream_would_go_on(Probe probe) {
        String stream = probe.streamOf(3);
        List<ReadResp> answer = raw(probe, forwards(stream, 7, 10));
        assertThat(answer).hasSize(2);
        assertThat(answer.get(0).getFirstStreamPosition()).isEqualTo(3);
        assertThat(answer.get(1).getLastStreamPosition()).isEqualTo(2);
    }

    @Test
    void a_forward_read_from_the_end_and_a_count_of_zero_are_errors(Probe probe) {
        String stream = probe.streamOf(3);
        StatusRuntimeException none =
                catchThrowableOfType(StatusRuntimeException.class, () -> raw(probe, forwards(stream, 0, 0)));
        assertThat(none.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
        Options.Builder end = forwards(stream, 0, 5);
        end.getStreamBuilder().setEnd(Shared.Empty.getDefaultInstance());
        StatusRuntimeException fromEnd = catchThrowableOfType(StatusRuntimeException.class, () -> raw(probe, end));
        assertThat(fromEnd.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void retention_hides_events_and_does_not_renumber(Probe probe) {
        String stream = probe.streamOf(100);
        StreamMetadata metadata = new StreamMetadata();
        metadata.setMaxCount(2L);
        Probe.await(probe.client().setStreamMetadata(stream, metadata));
        assertThat(revisions(probe.read(stream))).containsExactly(98L, 99L);
        List<ReadResp> answer = raw(probe, forwards(stream, 0, 10));
        assertThat(answer.get(0).getFirstStreamPosition())
                .as("the whole first page is hidden")
                .isEqualTo(98);
        StreamMetadata truncating = new StreamMetadata();
        truncating.setTruncateBefore(99L);
        Probe.await(probe.client().setStreamMetadata(stream, truncating));
        assertThat(revisions(probe.read(stream))).containsExactly(99L);
        assertThat(Probe.await(probe.client().getStreamMetadata(stream)).getTruncateBefore())
                .as("only the last metadata is shown")
                .isEqualTo(99L);
    }

    @Test
    void everything_is_read_forwards_with_and_backwards_without_the_position_to_begin_with(Probe probe) {
        String stream = probe.streamOf(3);
        List<RecordedEvent> events = probe.read(stream);
        Position middle = events.get(1).getPosition();
        List<RecordedEvent> after = probe.readAll(
                ReadAllOptions.get().forwards().fromPosition(middle).maxCount(1));
        assertThat(after.get(0).getEventId()).isEqualTo(events.get(1).getEventId());
        List<RecordedEvent> before = probe.readAll(
                ReadAllOptions.get().backwards().fromPosition(middle).maxCount(1));
        assertThat(before.get(0).getEventId()).isEqualTo(events.get(0).getEventId());
    }

    @Test
    void positions_increase_and_are_those_of_stream_reads(Probe probe) {
        String stream = probe.streamOf(40);
        List<RecordedEvent> events = probe.read(stream);
        List<RecordedEvent> all =
                probe
                        .readAll(ReadAllOptions.get()
                                .forwards()
                                .fromPosition(events.get(0).getPosition()))
                        .stream()
                        .filter(event -> event.getStreamId().equals(stream))
                        .toList();
        assertThat(all)
                .extracting(RecordedEvent::getPosition)
                .isEqualTo(events.stream().map(RecordedEvent::getPosition).toList());
        for (int i = 1; i < 40; i++) {
            assertThat(all.get(i).getPosition()).isGreaterThan(all.get(i - 1).getPosition());
            Position position = all.get(i).getPosition();
            assertThat(position.getCommitUnsigned()).isEqualTo(position.getPrepareUnsigned());
        }
    }

    @Test
    void a_position_inside_of_an_event_cannot_be_read_from(Probe probe) {
        String stream = probe.streamOf(2);
        long inside = probe.read(stream).get(0).getPosition().getCommitUnsigned() + 1;
        StatusRuntimeException e = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> probe.readAll(ReadAllOptions.get()
                        .forwards()
                        .fromPosition(new Position(inside, inside))
                        .maxCount(1)));
        assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    @Test
    void everything_shows_what_retention_hides_and_system_events_too(Probe probe) {
        String stream = probe.streamOf(3);
        RecordedEvent first = probe.read(stream).get(0);
        StreamMetadata metadata = new StreamMetadata();
        metadata.setMaxCount(1L);
        Probe.await(probe.client().setStreamMetadata(stream, metadata));
        List<RecordedEvent> all = probe.readAll(ReadAllOptions.get().forwards().fromPosition(first.getPosition()));
        assertThat(all).filteredOn(event -> event.getStreamId().equals(stream)).hasSize(3);
        assertThat(all)
                .filteredOn(event -> event.getStreamId().equals("$$" + stream))
                .singleElement()
                .satisfies(event -> assertThat(event.getEventType()).isEqualTo("$metadata"));
    }

    @Test
    void links_are_resolved_on_request_and_may_lead_nowhere(Probe probe) {
        String stream = probe.streamOf(1);
        String links = probe.stream();
        probe.append(links, noStream(), link("0@" + stream), link("0@" + probe.stream()));
        var resolved = Probe.await(probe.client()
                        .readStream(
                                links,
                                ReadStreamOptions.get().forwards().fromStart().resolveLinkTos()))
                .getEvents();
        assertThat(resolved.get(0).getEvent().getStreamId()).isEqualTo(stream);
        assertThat(resolved.get(0).getLink().getStreamId()).isEqualTo(links);
        assertThat(resolved.get(1).getEvent()).isNull();
        assertThat(probe.read(links).get(0).getEventType()).isEqualTo("$>");
    }

    private static EventData link(String target) {
        return EventData.builderAsBinary("$>", target.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    @Test
    void a_deleted_stream_is_not_found_and_goes_on_when_written_again(Probe probe) {
        String stream = probe.streamOf(3);
        Probe.await(probe.client().deleteStream(stream));
        assertThat(catchThrowableOfType(StreamNotFoundException.class, () -> probe.read(stream)))
                .isNotNull();
        assertThat(probe.append(stream, noStream(), event()).getNextExpectedRevision())
                .isEqualTo(StreamState.streamRevision(3));
        assertThat(revisions(probe.read(stream))).containsExactly(3L);
    }

    @Test
    void a_stream_that_was_ended_is_an_error_for_ever(Probe probe) {
        String stream = probe.streamOf(2);
        Probe.await(probe.client().tombstoneStream(stream));
        StatusRuntimeException read = catchThrowableOfType(StatusRuntimeException.class, () -> probe.read(stream));
        assertThat(read.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(Probe.trailer(read, "exception")).isEqualTo("stream-deleted");
        assertThat(catchThrowableOfType(StreamDeletedException.class, () -> probe.append(stream, any(), events(1))))
                .isNotNull();
    }

    @Test
    void a_delete_of_nothing_is_a_wrong_version(Probe probe) {
        assertThat(catchThrowableOfType(
                        WrongExpectedVersionException.class,
                        () -> Probe.await(probe.client().deleteStream(probe.stream()))))
                .isNotNull();
    }
}
