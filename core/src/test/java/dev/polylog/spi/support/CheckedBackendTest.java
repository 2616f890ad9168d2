package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreClosed;
import dev.polylog.StreamId;
import dev.polylog.Watermark;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CheckedBackendTest {

    private static final StreamId STREAM = StreamId.of("Checked-1");

    private static AppendCommand command(ExpectedVersion expected, int events) {
        List<EventData> list =
                Stream.generate(() -> EventData.json("T", "{}")).limit(events).toList();
        return AppendCommand.of(STREAM, expected, list);
    }

    private static void breaks(String rule, ThrowingCallable call) {
        BackendContractViolation violation = catchThrowableOfType(BackendContractViolation.class, call);
        assertThat(violation).as("a violation of %s", rule).isNotNull();
        assertThat(violation.rule()).isEqualTo(rule);
    }

    private static LogBackend appending(UnaryOperator<AppendOutcome> lie) {
        return new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                return lie.apply(next().append(command));
            }
        });
    }

    private static LogBackend reading(UnaryOperator<StreamSlice> lie) {
        return new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public StreamSlice readStream(StreamRead read) {
                return lie.apply(next().readStream(read));
            }
        });
    }

    private static LogBackend readingAll(UnaryOperator<LogSlice> lie) {
        return new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public LogSlice readAll(LogRead read) {
                return lie.apply(next().readAll(read));
            }
        });
    }

    @Test
    void aBackendThatKeepsTheRulesIsLeftAlone() {
        LogBackend backend = new CheckedBackend(MemoryBackend.create());
        backend.append(command(ExpectedVersion.noStream(), 3));
        backend.append(command(ExpectedVersion.noStream(), 1));
        assertThat(backend.readStream(StreamRead.forwards(STREAM, 1, 2)).events())
                .hasSize(2);
        assertThat(backend.readStream(StreamRead.backwards(STREAM, 9, 5)).events())
                .hasSize(3);
        assertThat(backend.readAll(LogRead.after(Position.START, 2)).events()).hasSize(2);
        assertThat(backend.readAll(LogRead.before(Position.END, 9)).events()).hasSize(3);
        assertThat(backend.cells().compareAndSet("c", 0, Payload.empty())).isNotNull();
        assertThat(backend.status().watermark().isHeld()).isFalse();
        backend.close();
        backend.close();
        assertThatThrownBy(backend::status).isInstanceOf(StoreClosed.class);
    }

    @Test
    void anAppendThatAnswersWithOtherVersionsIsFoundOut() {
        LogBackend backend = appending(outcome -> {
            AppendResult result = ((AppendOutcome.Appended) outcome).result();
            return new AppendOutcome.Appended(new AppendResult(
                    List.of(new AppendResult.Written(STREAM, 1, result.version() + 1)), result.position(), false));
        });
        breaks("A-02", () -> backend.append(command(ExpectedVersion.any(), 2)));
    }

    @Test
    void anAppendAtAnotherVersionThanExpectedIsFoundOut() {
        LogBackend backend = appending(outcome -> new AppendOutcome.Appended(
                new AppendResult(List.of(new AppendResult.Written(STREAM, 5, 5)), Position.of(9), false)));
        breaks("A-03", () -> backend.append(command(ExpectedVersion.exactly(1), 1)));
    }

    @Test
    void anAppendBelowAnAcknowledgedOneIsFoundOut() {
        LogBackend backend = appending(outcome -> new AppendOutcome.Appended(
                new AppendResult(((AppendOutcome.Appended) outcome).result().streams(), Position.of(7), false)));
        backend.append(command(ExpectedVersion.any(), 1));
        breaks("A-07", () -> backend.append(command(ExpectedVersion.any(), 1)));
    }

    @Test
    void aConflictThatIsNoneIsFoundOut() {
        LogBackend backend = appending(outcome -> new AppendOutcome.Conflict(STREAM, ExpectedVersion.noStream(), 0));
        breaks("A-03", () -> backend.append(command(ExpectedVersion.noStream(), 1)));
    }

    @Test
    void aDuplicateOfAForeignEventIsFoundOut() {
        LogBackend backend = appending(outcome -> new AppendOutcome.Duplicate(STREAM, UUID.randomUUID()));
        breaks("I-03", () -> backend.append(command(ExpectedVersion.noStream(), 1)));
    }

    @Test
    void anUnclassifiedFailureIsFoundOut() {
        LogBackend backend = appending(outcome -> {
            throw new IllegalStateException("driver");
        });
        breaks("A-05", () -> backend.append(command(ExpectedVersion.noStream(), 1)));
    }

    @Test
    void aPageThatHidesItsEndIsFoundOut() {
        LogBackend backend = reading(slice -> new StreamSlice(slice.events(), false, slice.streamVersion()));
        backend.append(command(ExpectedVersion.any(), 1));
        breaks("R-02", () -> backend.readStream(StreamRead.forwards(STREAM, 1, 5)));
    }

    @Test
    void aPageThatSkipsAnEventIsFoundOut() {
        LogBackend backend = reading(slice ->
                new StreamSlice(slice.events().subList(1, slice.events().size()), true, slice.streamVersion()));
        backend.append(command(ExpectedVersion.any(), 3));
        breaks("R-01", () -> backend.readStream(StreamRead.forwards(STREAM, 1, 5)));
    }

    @Test
    void aReadThatForgetsAnAcknowledgedAppendIsFoundOut() {
        LogBackend backend = reading(slice -> new StreamSlice(List.of(), true, 0));
        backend.append(command(ExpectedVersion.any(), 3));
        breaks("R-04", () -> backend.readStream(StreamRead.forwards(STREAM, 1, 5)));
        LogBackend log = readingAll(slice -> new LogSlice(List.of(), Position.START, true));
        log.append(command(ExpectedVersion.any(), 1));
        breaks("G-06", () -> log.readAll(LogRead.after(Position.START, 5)));
    }

    @Test
    void aPageOutOfOrderOrBesideItsFilterIsFoundOut() {
        LogBackend backwards = readingAll(slice -> {
            List<RecordedEvent> events = new ArrayList<>(slice.events());
            Collections.reverse(events);
            return new LogSlice(events, slice.lookedUpTo(), slice.atHead());
        });
        backwards.append(command(ExpectedVersion.any(), 2));
        breaks("G-01", () -> backwards.readAll(LogRead.after(Position.START, 5)));
        LogBackend unfiltered = new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public LogSlice readAll(LogRead read) {
                return next().readAll(read.withFilter(Filter.all()));
            }
        });
        unfiltered.append(command(ExpectedVersion.any(), 1));
        breaks(
                "G-04",
                () -> unfiltered.readAll(
                        LogRead.after(Position.START, 5).withFilter(Filter.all().types("Other"))));
    }

    @Test
    void aPageThatGetsNoFurtherIsFoundOut() {
        LogBackend backend = readingAll(slice -> new LogSlice(List.of(), Position.START, false));
        breaks("G-05", () -> backend.readAll(LogRead.after(Position.START, 5)));
    }

    @Test
    void aWatermarkBelowAnAcknowledgedAppendIsFoundOut() {
        LogBackend backend = new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public LogStatus status() {
                return new LogStatus("log", "1", Watermark.at(Position.START));
            }
        });
        backend.append(command(ExpectedVersion.any(), 1));
        breaks("G-08", backend::status);
    }

    @Test
    void aBackendThatAnswersAfterCloseIsFoundOut() {
        LogBackend backend = new CheckedBackend(new ForwardingBackend(MemoryBackend.create()) {
            @Override
            public void close() {
                // stays open
            }
        });
        backend.close();
        breaks("L-03", backend::status);
        breaks("L-03", () -> backend.append(command(ExpectedVersion.any(), 1)));
    }

    @Test
    void callsThatNobodyMayMakeAreRefused() {
        LogBackend backend = new CheckedBackend(MemoryBackend.create());
        int most = backend.traits().limits().maxEventsPerAppend();
        assertThatThrownBy(() -> backend.append(command(ExpectedVersion.any(), most + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(most + 1));
        assertThatThrownBy(() -> backend.cells().get("a\u0000")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> backend.cells().compareAndSet("a", 0, Payload.of(new byte[70_000])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("70000");
    }
}
