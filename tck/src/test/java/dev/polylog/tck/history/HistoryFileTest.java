package dev.polylog.tck.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.FaultPlan.Fault;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.StreamRead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

    /** What separates fields and lines, and what encodings of it look like. */
    private static final StreamId STREAM = StreamId.of("a b+c%20d/ä");

    @TempDir
    private Path folder;

    private final FaultPlan faults = new FaultPlan();
    private final MemoryBackend memory = MemoryBackend.builder().faults(faults).open();
    private final History history = new History(Position.START);
    private Path file;
    private HistoryFile written;
    private LogBackend recorded;

    @BeforeEach
    void begin() throws IOException {
        file = folder.resolve("history");
        written = new HistoryFile(file);
        recorded = written.recording(new RecordingBackend(memory, history, "one"));
    }

    @AfterEach
    void close() throws IOException {
        written.close();
        recorded.close();
    }

    private static EventData event() {
        return EventData.json("Ty pe\twith%09all", "{}");
    }

    private void append(ExpectedVersion expected, EventData... events) {
        recorded.append(AppendCommand.of(STREAM, expected, List.of(events)));
    }

    private List<Operation> read() throws IOException {
        return HistoryFile.read(file, "one");
    }

    private void everyKindOfCall() {
        EventData first = event();
        append(ExpectedVersion.noStream(), first, event());
        append(ExpectedVersion.noStream(), first);
        append(ExpectedVersion.exactly(2), event());
        append(ExpectedVersion.exactly(2), event());
        append(ExpectedVersion.any(), event());
        append(ExpectedVersion.streamExists(), event());
        append(ExpectedVersion.any(), first, event());
        faults.nextAppend(Fault.UNAVAILABLE);
        assertThatThrownBy(() -> append(ExpectedVersion.any(), event())).isInstanceOf(StoreUnavailable.class);
        faults.nextAppend(Fault.UNKNOWN_AFTER_COMMIT);
        assertThatThrownBy(() -> append(ExpectedVersion.any(), event())).isInstanceOf(AppendOutcomeUnknown.class);
        recorded.readStream(StreamRead.forwards(STREAM, 2, 2));
        recorded.readStream(StreamRead.backwards(STREAM, Long.MAX_VALUE, 100));
        recorded.readStream(StreamRead.forwards(StreamId.of("none"), 1, 1));
    }

    @Test
    void every_kind_of_call_and_answer_comes_back_as_it_was() throws Exception {
        everyKindOfCall();
        List<Operation> operations = read();
        assertThat(operations)
                .extracting(Operation::action)
                .isEqualTo(history.operations().stream().map(Operation::action).toList());
        assertThat(operations)
                .extracting(Operation::outcome)
                .isEqualTo(history.operations().stream().map(Operation::outcome).toList());
        assertThat(operations)
                .extracting(Operation::number)
                .startsWith(1L, 2L, 3L)
                .doesNotHaveDuplicates();
        assertThat(operations).extracting(Operation::client).containsOnly("one");
    }

    @Test
    void moments_lie_around_their_calls_and_doubts_stay_open() throws Exception {
        long before = System.nanoTime();
        everyKindOfCall();
        long after = System.nanoTime();
        for (Operation operation : read()) {
            assertThat(operation.invoked()).isBetween(before, after);
            if (operation.outcome() instanceof Outcome.Unknown) {
                assertThat(operation.completed()).isEqualTo(Operation.NEVER);
            } else {
                assertThat(operation.completed()).isBetween(operation.invoked(), after);
            }
        }
    }

    @Test
    void the_checker_takes_what_was_read() throws Exception {
        everyKindOfCall();
        LogImage image = LogImage.read(memory, new History(Position.START));
        assertThat(new HistoryChecker(memory.traits()).check(read(), image)).isEmpty();
    }

    @Test
    void of_a_file_that_was_cut_the_calls_without_an_end_are_open() throws Exception {
        append(ExpectedVersion.noStream(), event());
        recorded.readStream(StreamRead.forwards(STREAM, 1, 1));
        String whole = Files.readString(file);
        int endOfAppend = whole.indexOf("end\t1\t");
        for (int cut = 0; cut <= whole.length(); cut++) {
            Files.writeString(file, whole.substring(0, cut));
            List<Operation> operations = read();
            boolean begun = cut >= endOfAppend;
            boolean ended = cut > whole.indexOf('\n', endOfAppend);
            assertThat(operations).as("cut after %d", cut).hasSize(cut == whole.length() ? 2 : begun ? 1 : 0);
            if (begun) {
                assertThat(operations.get(0).outcome() instanceof Outcome.Unknown)
                        .as("cut after %d", cut)
                        .isEqualTo(!ended);
            }
        }
    }

    @Test
    void an_append_that_is_about_several_streams_is_refused_before_it_is_made() {
        AppendCommand looking = new AppendCommand(
                Map.of(STREAM, ExpectedVersion.any(), StreamId.of("other"), ExpectedVersion.noStream()),
                List.of(new StreamWrite(STREAM, List.of(event()))));
        assertThatThrownBy(() -> recorded.append(looking))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one stream");
        assertThat(history.operations()).isEmpty();
    }
}
