package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.AppendOutcome.Appended;
import dev.polylog.spi.AppendOutcome.Conflict;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.support.GroupCommit.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Appends that go together: each gets its own outcome, and all limits are kept. */
class DynamoGroupTest {

    @RegisterExtension
    final TestLog log = new TestLog();

    private static List<AppendOutcome> outcomes(DynamoBackend backend, List<AppendCommand> group) {
        List<AppendOutcome> outcomes = new ArrayList<>();
        for (Result<AppendOutcome> result : backend.appender().commit(group)) {
            assertThat(result).isInstanceOf(Result.Outcome.class);
            outcomes.add(((Result.Outcome<AppendOutcome>) result).value());
        }
        return outcomes;
    }

    private static Position position(AppendOutcome outcome) {
        assertThat(outcome).isInstanceOf(Appended.class);
        return ((Appended) outcome).result().position();
    }

    private static EventData sized(int bytes) {
        return EventData.of("Sized", "application/octet-stream", Payload.of(new byte[bytes]));
    }

    @Test
    void the_neighbours_of_a_conflict_are_written_together_and_at_once() {
        DynamoBackend one = log.open();
        DynamoBackend other = log.open();
        one.append(TestLog.append("s", ExpectedVersion.noStream(), TestLog.event()));
        other.append(TestLog.append("s", ExpectedVersion.exactly(1), TestLog.event()));
        List<AppendOutcome> outcomes = outcomes(
                one,
                List.of(
                        TestLog.append("t", ExpectedVersion.noStream(), TestLog.event()),
                        TestLog.append("s", ExpectedVersion.exactly(1), TestLog.event()),
                        TestLog.append("u", ExpectedVersion.any(), TestLog.event())));
        assertThat(position(outcomes.get(0))).isEqualTo(Position.parse("3:0"));
        assertThat(outcomes.get(1)).isEqualTo(new Conflict(StreamId.of("s"), ExpectedVersion.exactly(1), 2));
        assertThat(position(outcomes.get(2))).isEqualTo(Position.parse("3:1"));
    }

    @Test
    void one_group_may_write_a_stream_many_times_and_a_refusal_inside_it_is_true() {
        DynamoBackend backend = log.open();
        EventData event = TestLog.event();
        List<AppendOutcome> outcomes = outcomes(
                backend,
                List.of(
                        TestLog.append("s", ExpectedVersion.noStream(), event),
                        TestLog.append("s", ExpectedVersion.any(), TestLog.event(), TestLog.event()),
                        TestLog.append("s", ExpectedVersion.exactly(3), TestLog.event()),
                        TestLog.append("s", ExpectedVersion.exactly(3), TestLog.event()),
                        TestLog.append("s", ExpectedVersion.noStream(), event)));
        assertThat(position(outcomes.get(2))).isEqualTo(Position.parse("1:3"));
        assertThat(outcomes.get(3)).isEqualTo(new Conflict(StreamId.of("s"), ExpectedVersion.exactly(3), 4));
        assertThat(((Appended) outcomes.get(4)).result().repeated()).isTrue();
        assertThat(position(outcomes.get(4))).isEqualTo(Position.parse("1:0"));
        assertThat(backend.readStream(StreamRead.forwards(StreamId.of("s"), 1, 10))
                        .streamVersion())
                .isEqualTo(4);
    }

    @Test
    void more_appends_than_a_transaction_takes_go_in_several() {
        List<AppendCommand> group = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            group.add(TestLog.append("s-" + i, ExpectedVersion.noStream(), TestLog.event()));
        }
        List<AppendOutcome> outcomes = outcomes(log.open(), group);
        assertThat(position(outcomes.get(97))).isEqualTo(Position.parse("1:97"));
        assertThat(position(outcomes.get(98))).isEqualTo(Position.parse("2:0"));
        assertThat(position(outcomes.get(119))).isEqualTo(Position.parse("2:21"));
    }

    @Test
    void appends_whose_bytes_do_not_fit_in_a_transaction_go_in_several() {
        List<AppendCommand> group = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            group.add(TestLog.append("s-" + i, ExpectedVersion.noStream(), sized(350_000)));
        }
        List<AppendOutcome> outcomes = outcomes(log.open(), group);
        assertThat(position(outcomes.get(10))).isEqualTo(Position.parse("1:10"));
        assertThat(position(outcomes.get(13)).high()).isEqualTo(2);
    }

    @Test
    void the_largest_append_in_every_respect_at_once_fits_in_one_transaction() {
        DynamoBackend backend = log.open();
        String longName = "\u20ac".repeat(250);
        String longType = "\u20ac".repeat(255);
        List<StreamWrite> writes = new ArrayList<>();
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        for (int s = 0; s < 50; s++) {
            StreamId stream = StreamId.of(longName + s);
            List<EventData> events = new ArrayList<>();
            for (int e = 0; e < 10; e++) {
                events.add(EventData.of(longType, longType, Payload.of(new byte[5_998])));
            }
            expectations.put(stream, ExpectedVersion.noStream());
            writes.add(new StreamWrite(stream, events));
        }
        AppendOutcome outcome = backend.append(new AppendCommand(expectations, writes));
        assertThat(position(outcome)).isEqualTo(Position.parse("1:499"));
        assertThat(backend.readAll(LogRead.after(Position.START, 1_000)).events())
                .hasSize(500);
    }

    @Test
    void an_append_that_needs_several_items_reads_as_one_in_both_directions() {
        DynamoBackend backend = log.open();
        StreamId stream = StreamId.of("large");
        backend.append(TestLog.append("large", ExpectedVersion.noStream(), TestLog.event()));
        List<EventData> events = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            events.add(sized(240_000));
        }
        AppendOutcome outcome = backend.append(AppendCommand.of(stream, ExpectedVersion.exactly(1), events));
        assertThat(position(outcome)).isEqualTo(Position.parse("2:11"));
        for (long from = 1; from <= 13; from++) {
            List<RecordedEvent> there =
                    backend.readStream(StreamRead.forwards(stream, from, 5)).events();
            assertThat(there).extracting(RecordedEvent::version).startsWith(from);
            List<RecordedEvent> back =
                    backend.readStream(StreamRead.backwards(stream, from, 5)).events();
            assertThat(back).extracting(RecordedEvent::version).startsWith(from);
        }
        assertThat(backend.readAll(LogRead.before(Position.END, 100)).events())
                .extracting(RecordedEvent::version)
                .containsExactly(13L, 12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
    }
}
