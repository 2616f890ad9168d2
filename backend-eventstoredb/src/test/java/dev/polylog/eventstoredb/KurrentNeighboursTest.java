package dev.polylog.eventstoredb;

import static dev.polylog.eventstoredb.KurrentLog.append;
import static dev.polylog.eventstoredb.KurrentLog.await;
import static dev.polylog.eventstoredb.KurrentLog.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.InvalidAppend;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.UnsupportedByStore;
import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.KurrentDBClient;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.StreamMetadata;
import io.kurrent.dbclient.StreamState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The log shared with other clients of KurrentDB: what they wrote, deleted and truncated, and what they see of ours. */
class KurrentNeighboursTest {

    private final KurrentServer server = KurrentServers.own(KurrentVersion.V25_1);
    private final KurrentLog log = new KurrentLog();
    private KurrentBackend backend;
    private KurrentDBClient other;

    @BeforeEach
    void open() {
        backend = log.open(server.url());
        other = log.client(server.url());
    }

    @AfterEach
    void close() throws Exception {
        log.close();
        server.close();
    }

    private void write(String stream, io.kurrent.dbclient.EventData... events) throws Exception {
        await(other.appendToStream(stream, AppendToStreamOptions.get().streamState(StreamState.any()), events));
    }

    private static io.kurrent.dbclient.EventData theirs(String metadata) {
        return io.kurrent.dbclient.EventData.builderAsJson("Theirs", "{}".getBytes(StandardCharsets.UTF_8))
                .metadataAsBytes(metadata.getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private StreamSlice read(String stream) {
        return backend.readStream(StreamRead.forwards(StreamId.of(stream), 1, 100));
    }

    private List<RecordedEvent> all() {
        LogSlice slice = backend.readAll(LogRead.after(Position.START, 1_000));
        assertThat(slice.atHead()).isTrue();
        return slice.events();
    }

    @Test
    void events_of_others_are_read_with_nothing_lost() throws Exception {
        write("theirs", theirs("{\"$correlationId\":\"c\",\"tenant\":7}"));
        RecordedEvent read = read("theirs").events().get(0);
        assertThat(read.version()).isEqualTo(1);
        assertThat(read.correlationId()).contains("c");
        assertThat(read.metadata().asMap()).containsEntry("tenant", "7").containsKey("$kurrentMetadata");
        assertThat(all()).containsExactly(read);
    }

    @Test
    void our_events_look_native_to_others() throws Exception {
        EventData ours = EventData.json("OrderPlaced", "{\"n\":1}").correlatedBy("c-1");
        backend.append(append("ours", ExpectedVersion.noStream(), ours));
        var seen = await(other.readStream("ours", ReadStreamOptions.get().fromStart()))
                .getEvents()
                .get(0)
                .getEvent();
        assertThat(seen.getEventId()).isEqualTo(ours.id());
        assertThat(seen.getEventType()).isEqualTo("OrderPlaced");
        assertThat(seen.getContentType()).isEqualTo("application/json");
        assertThat(seen.getEventData()).isEqualTo(ours.payload().toByteArray());
        assertThat(new String(seen.getUserMetadata(), StandardCharsets.UTF_8)).contains("\"$correlationId\":\"c-1\"");
    }

    @Test
    void everything_shows_neither_system_events_nor_links_nor_cells() throws Exception {
        write("theirs", theirs("{}"));
        write(
                "links",
                io.kurrent.dbclient.EventData.builderAsBinary("$>", "0@theirs".getBytes(StandardCharsets.UTF_8))
                        .build());
        write("$own-system", theirs("{}"));
        await(other.setStreamMetadata("theirs", new StreamMetadata()));
        backend.cells().compareAndSet("cell", 0, Payload.utf8("x"));
        await(other.tombstoneStream("links"));
        assertThat(all()).extracting(RecordedEvent::type).containsExactly("Theirs");
        assertThat(backend.status().watermark().head()).isEqualTo(all().get(0).position());
    }

    @Test
    void a_truncated_stream_keeps_the_versions_of_what_is_left() throws Exception {
        backend.append(append("short", ExpectedVersion.noStream(), event(), event(), event()));
        StreamMetadata metadata = new StreamMetadata();
        metadata.setMaxCount(1L);
        await(other.setStreamMetadata("short", metadata));
        StreamSlice slice = read("short");
        assertThat(slice.events()).extracting(RecordedEvent::version).containsExactly(3L);
        assertThat(slice.streamVersion()).isEqualTo(3);
        assertThat(slice.endOfStream()).isTrue();
        assertThat(backend.append(append("short", ExpectedVersion.exactly(3), event())))
                .isInstanceOf(AppendOutcome.Appended.class);
        assertThat(all()).as("everything still shows it").hasSize(4);
    }

    @Test
    void a_deleted_stream_reads_as_empty_and_goes_on_with_the_next_version() throws Exception {
        backend.append(append("gone", ExpectedVersion.noStream(), event(), event()));
        await(other.deleteStream("gone"));
        assertThat(read("gone")).isEqualTo(new StreamSlice(List.of(), true, 0));
        AppendOutcome.Appended appended =
                (AppendOutcome.Appended) backend.append(append("gone", ExpectedVersion.noStream(), event()));
        assertThat(appended.result().version()).isEqualTo(3);
        assertThat(appended.result().repeated()).isFalse();
        assertThat(read("gone").events()).extracting(RecordedEvent::version).containsExactly(3L);
        await(other.deleteStream("gone"));
        appended = (AppendOutcome.Appended) backend.append(append("gone", ExpectedVersion.any(), event()));
        assertThat(appended.result().version()).isEqualTo(4);
    }

    @Test
    void a_stream_that_was_ended_reads_as_empty_and_cannot_be_appended_to() throws Exception {
        backend.append(append("ended", ExpectedVersion.noStream(), event()));
        await(other.tombstoneStream("ended"));
        assertThat(read("ended")).isEqualTo(new StreamSlice(List.of(), true, 0));
        for (ExpectedVersion expected :
                List.of(ExpectedVersion.any(), ExpectedVersion.noStream(), ExpectedVersion.exactly(1))) {
            assertThatThrownBy(() -> backend.append(append("ended", expected, event())))
                    .isInstanceOf(InvalidAppend.class)
                    .hasMessageContaining("tombstoned");
        }
    }

    @Test
    void a_repeat_of_what_was_truncated_since_is_refused_as_a_duplicate() throws Exception {
        EventData first = event();
        backend.append(append("short", ExpectedVersion.noStream(), first));
        backend.append(append("short", ExpectedVersion.exactly(1), event()));
        StreamMetadata metadata = new StreamMetadata();
        metadata.setTruncateBefore(1L);
        await(other.setStreamMetadata("short", metadata));
        assertThat(backend.append(append("short", ExpectedVersion.noStream(), first)))
                .isEqualTo(new AppendOutcome.Duplicate(StreamId.of("short"), first.id()));
    }

    @Test
    void types_that_mean_something_to_the_server_are_kept_from_it() {
        for (String type : List.of("$>", "$metadata", "$streamDeleted")) {
            backend.append(append("odd", ExpectedVersion.any(), EventData.json(type, "{}")));
        }
        assertThat(all()).extracting(RecordedEvent::type).containsExactly("$>", "$metadata", "$streamDeleted");
    }

    @Test
    void several_streams_keep_types_and_metadata_that_their_protocol_does_not_take() {
        EventData odd = EventData.of("odd type \u00e9", "text/plain", Payload.utf8("x"))
                .withMetadata(Metadata.of(Map.of("$schema.name", "mine", "correlationId", "c")));
        backend.append(new AppendCommand(
                Map.of(StreamId.of("a"), ExpectedVersion.noStream(), StreamId.of("b"), ExpectedVersion.any()),
                List.of(
                        new StreamWrite(StreamId.of("a"), List.of(odd)),
                        new StreamWrite(StreamId.of("b"), List.of(event())))));
        assertThat(read("a").events().get(0).data()).isEqualTo(odd);
    }

    @Test
    void two_streams_that_differ_in_case_only_are_refused_in_one_append() {
        assertThatThrownBy(() -> backend.append(new AppendCommand(
                        Map.of(StreamId.of("a"), ExpectedVersion.any(), StreamId.of("A"), ExpectedVersion.any()),
                        List.of(
                                new StreamWrite(StreamId.of("a"), List.of(event())),
                                new StreamWrite(StreamId.of("A"), List.of(event()))))))
                .isInstanceOf(UnsupportedByStore.class)
                .hasMessageContaining("case of letters");
    }

    @Test
    void any_recognises_a_repeat_although_the_server_forgot_its_ids() {
        EventData event = event();
        backend.append(append("any", ExpectedVersion.any(), event));
        server.forgetIds();
        AppendOutcome.Appended again =
                (AppendOutcome.Appended) backend.append(append("any", ExpectedVersion.any(), event));
        assertThat(again.result().repeated()).isTrue();
        assertThat(read("any").streamVersion()).isEqualTo(1);
    }

    @Test
    void many_cells_behind_the_last_event_do_not_hide_the_head() {
        backend.append(append("a", ExpectedVersion.noStream(), event()));
        Position head = all().get(0).position();
        for (int i = 0; i < 200; i++) {
            backend.cells().compareAndSet("cell-" + i, 0, Payload.empty());
        }
        assertThat(backend.status().watermark().head()).isEqualTo(head);
        LogSlice none = backend.readAll(LogRead.after(head, 10));
        assertThat(none).isEqualTo(new LogSlice(List.of(), head, true));
        backend.append(append("a", ExpectedVersion.exactly(1), event()));
        assertThat(backend.readAll(LogRead.after(head, 10)).events()).hasSize(1);
    }
}
