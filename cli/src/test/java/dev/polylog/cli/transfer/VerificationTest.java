package dev.polylog.cli.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.shell.Terminal;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.Registration;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class VerificationTest {

    private static final StreamId A = StreamId.of("A-1");

    private final Shell shell = Shell.of(
            new ByteArrayInputStream(new byte[0]),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream(),
            Map.of(),
            Terminal.none());

    /** A store in memory that shows something else than it holds. */
    private record Lying(
            LogBackend honest, UnaryOperator<List<RecordedEvent>> log, UnaryOperator<List<RecordedEvent>> stream)
            implements LogBackend {

        @Override
        public AppendOutcome append(AppendCommand command) {
            return honest.append(command);
        }

        @Override
        public StreamSlice readStream(StreamRead read) {
            StreamSlice slice = honest.readStream(read);
            return new StreamSlice(stream.apply(slice.events()), slice.endOfStream(), slice.streamVersion());
        }

        @Override
        public LogSlice readAll(LogRead read) {
            LogSlice slice = honest.readAll(read);
            return new LogSlice(log.apply(slice.events()), slice.lookedUpTo(), slice.atHead());
        }

        @Override
        public Registration signal(Runnable listener) {
            return honest.signal(listener);
        }

        @Override
        public LogStatus status() {
            return honest.status();
        }

        @Override
        public CellStore cells() {
            return honest.cells();
        }

        @Override
        public BackendTraits traits() {
            return honest.traits();
        }

        @Override
        public void close() {
            honest.close();
        }
    }

    private Verification.Result verify(
            UnaryOperator<List<RecordedEvent>> log, UnaryOperator<List<RecordedEvent>> stream, int sample) {
        try (EventStore store = EventStore.over(new Lying(MemoryBackend.create(), log, stream))) {
            store.append(A, ExpectedVersion.any(), EventData.json("T", "1"), EventData.json("T", "2"));
            store.append(StreamId.of("B-1"), ExpectedVersion.any(), EventData.json("T", "3"));
            return new Verification(store, shell).run(sample);
        }
    }

    private static List<RecordedEvent> reversed(List<RecordedEvent> events) {
        List<RecordedEvent> copy = new ArrayList<>(events);
        Collections.reverse(copy);
        return copy;
    }

    private static RecordedEvent with(RecordedEvent event, long version, EventData data) {
        return new RecordedEvent(event.stream(), version, event.position(), event.recordedAt(), data);
    }

    @Test
    void an_honest_store_has_no_findings() {
        Verification.Result result = verify(UnaryOperator.identity(), UnaryOperator.identity(), 10);
        assertThat(result.findings()).isEmpty();
        assertThat(result.events()).isEqualTo(3);
        assertThat(result.streams()).isEqualTo(2);
        assertThat(result.streamsRead()).isEqualTo(2);
    }

    @Test
    void positions_that_do_not_increase_are_found() {
        assertThat(verify(VerificationTest::reversed, UnaryOperator.identity(), 10)
                        .findings())
                .anyMatch(finding -> finding.matches("position \\d+ follows position \\d+ in the log"));
    }

    @Test
    void versions_that_do_not_count_are_found() {
        UnaryOperator<List<RecordedEvent>> skipping = events ->
                events.stream().map(e -> with(e, e.version() + 1, e.data())).toList();
        assertThat(verify(skipping, UnaryOperator.identity(), 10).findings())
                .anyMatch(finding -> finding.contains("stream A-1: version 2 at position"));
        assertThat(verify(UnaryOperator.identity(), skipping, 10).findings())
                .contains("stream B-1: event number 1 has version 2");
    }

    @Test
    void an_event_that_the_stream_or_the_log_lacks_is_found() {
        UnaryOperator<List<RecordedEvent>> losing = events -> events.subList(0, events.size() - 1);
        assertThat(verify(UnaryOperator.identity(), losing, 10).findings())
                .contains("stream A-1: has 1 events, but 2 in the log", "stream B-1: has 0 events, but 1 in the log");
    }

    @Test
    void a_single_changed_byte_is_found() {
        UnaryOperator<List<RecordedEvent>> changing = events -> events.stream()
                .map(e -> with(
                        e,
                        e.version(),
                        new EventData(e.id(), e.type(), e.contentType(), Payload.utf8("9"), e.metadata())))
                .toList();
        assertThat(verify(UnaryOperator.identity(), changing, 10).findings())
                .contains("stream A-1: the stream and the log hold different content");
        assertThat(verify(UnaryOperator.identity(), changing, 0).findings()).isEmpty();
    }

    @Test
    void an_event_id_that_occurs_twice_in_a_stream_is_found() {
        UnaryOperator<List<RecordedEvent>> doubling = events -> events.stream()
                .map(e -> with(e, e.version(), e.data().withId(new UUID(0, 1))))
                .toList();
        assertThat(verify(doubling, doubling, 10).findings())
                .containsExactly(
                        "stream A-1: the event id 00000000-0000-0000-0000-000000000001 of version 2 occurs twice");
    }
}
