package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.StreamRead;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tables as a restore to a point in time may leave them. */
class DynamoRepairTest {

    @RegisterExtension
    final TestLog log = new TestLog();

    /** Six groups: alternately one append, and two together. */
    private List<RecordedEvent> written() {
        DynamoBackend backend = log.open();
        for (int i = 1; i <= 6; i++) {
            List<AppendCommand> group = new ArrayList<>();
            group.add(TestLog.append("one", ExpectedVersion.any(), TestLog.event(), TestLog.event()));
            if (i % 2 == 0) {
                group.add(TestLog.append("two", ExpectedVersion.any(), TestLog.event()));
            }
            assertThat(backend.appender().commit(group)).hasSize(group.size());
        }
        List<RecordedEvent> all =
                backend.readAll(LogRead.after(Position.START, 100)).events();
        backend.close();
        return all;
    }

    private void remove(Key key) {
        log.client().deleteItem(request -> request.tableName(log.table()).key(key.attributes()));
    }

    private void holds(List<RecordedEvent> events, String epoch) {
        DynamoBackend backend = log.open();
        assertThat(backend.readAll(LogRead.after(Position.START, 100)).events()).isEqualTo(events);
        assertThat(backend.status().epoch()).isEqualTo(epoch);
        assertThat(backend.status().watermark().head())
                .isEqualTo(events.get(events.size() - 1).position());
        for (String stream : List.of("one", "two")) {
            List<RecordedEvent> of = events.stream()
                    .filter(event -> event.stream().name().equals(stream))
                    .toList();
            assertThat(backend.readStream(StreamRead.forwards(StreamId.of(stream), 1, 100))
                            .events())
                    .isEqualTo(of);
            AppendOutcome outcome =
                    backend.append(TestLog.append(stream, ExpectedVersion.exactly(of.size()), TestLog.event()));
            assertThat(outcome).isInstanceOf(AppendOutcome.Appended.class);
        }
    }

    @Test
    void a_whole_log_stays_as_it_is_and_gets_a_new_epoch() {
        List<RecordedEvent> all = written();
        DynamoRepair.Report report = DynamoRepair.run(log.config().build());
        assertThat(report).isEqualTo(new DynamoRepair.Report(6, Position.parse("6:2"), 0, "2"));
        holds(all, "2");
    }

    @Test
    void a_tail_that_lies_behind_the_log_is_set_right() {
        List<RecordedEvent> all = written();
        DynamoTail tail = DynamoTail.of(
                "test",
                log.client()
                        .getItem(r -> r.tableName(log.table()).key(DynamoLayout.TAIL.attributes()))
                        .item());
        log.client()
                .putItem(r -> r.tableName(log.table())
                        .item(tail.with(3, Position.parse("3:1")).item()));
        assertThat(DynamoRepair.run(log.config().build()).groups()).isEqualTo(6);
        holds(all, "2");
    }

    @Test
    void a_group_whose_item_is_missing_goes_and_what_lies_behind_it_too() {
        List<RecordedEvent> all = written();
        remove(DynamoLayout.streamItem(StreamId.of("two"), 2));
        DynamoRepair.Report would = DynamoRepair.examine(log.config().build());
        assertThat(DynamoRepair.examine(log.config().build()))
                .as("looking changes nothing")
                .isEqualTo(would);
        DynamoRepair.Report report = DynamoRepair.run(log.config().build());
        assertThat(report).isEqualTo(would);
        // Of group 4 the log's item and one of two are left, of group 5 two, of group 6 three.
        assertThat(report).isEqualTo(new DynamoRepair.Report(3, Position.parse("3:1"), 7, "2"));
        holds(all.stream().filter(event -> event.position().high() <= 3).toList(), "2");
    }

    @Test
    void a_process_that_was_open_meanwhile_does_not_go_on_from_what_it_remembers() {
        DynamoBackend open = log.open();
        for (int i = 1; i <= 3; i++) {
            open.append(TestLog.append("one", ExpectedVersion.any(), TestLog.event()));
        }
        remove(DynamoLayout.logItem(3));
        assertThat(DynamoRepair.run(log.config().build()).groups()).isEqualTo(2);
        assertThat(open.append(TestLog.append("one", ExpectedVersion.any(), TestLog.event())))
                .isInstanceOfSatisfying(
                        AppendOutcome.Appended.class,
                        appended -> assertThat(appended.result().version()).isEqualTo(3));
        assertThat(open.readStream(StreamRead.forwards(StreamId.of("one"), 1, 100))
                        .events())
                .extracting(RecordedEvent::version)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void items_that_no_group_names_go_and_a_lost_tail_is_made_anew() {
        List<RecordedEvent> all = written();
        remove(DynamoLayout.logItem(6));
        remove(DynamoLayout.TAIL);
        assertThat(DynamoRepair.run(log.config().build()).removed()).isEqualTo(2);
        holds(all.stream().filter(event -> event.position().high() <= 5).toList(), "2");
    }
}
