package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.IncompatibleLayout;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore.SetOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of records follows from their order alone. */
class KafkaRulesTest {

    private static final UUID WRITER = new UUID(3, 4);
    private static final UUID OTHER = new UUID(5, 6);

    @TempDir
    private Path folder;

    private TestView view;

    @BeforeEach
    void found() throws Exception {
        view = new TestView(folder.resolve("view"));
        view.applyOne(TestView.record(WRITER, 1, 1, new LogEntry.Founding()));
    }

    @AfterEach
    void close() {
        view.close();
    }

    private static EventData event(int id) {
        return new EventData(new UUID(9, id), "Tested", "text/plain", Payload.utf8("x"), Metadata.empty());
    }

    private static byte[] append(UUID writer, int epoch, long sequence, ExpectedVersion expected, int... ids) {
        EventData[] events = new EventData[ids.length];
        for (int i = 0; i < ids.length; i++) {
            events[i] = event(ids[i]);
        }
        return TestView.record(
                writer, epoch, sequence, new LogEntry.Proposal(TestTopic.append("s", expected, events), List.of()));
    }

    private static AppendOutcome outcome(Decision decision) {
        return ((Decision.Append) decision).outcome();
    }

    @Test
    void a_rejected_proposals_twin_is_never_accepted() {
        byte[] tooEarly = append(WRITER, 1, 2, ExpectedVersion.exactly(1), 10);
        assertThat(outcome(view.applyOne(tooEarly))).isInstanceOf(AppendOutcome.Conflict.class);
        assertThat(outcome(view.applyOne(append(OTHER, 1, 1, ExpectedVersion.noStream(), 11))))
                .isInstanceOf(AppendOutcome.Appended.class);
        assertThat(view.applyOne(tooEarly)).as("now its expectation would hold").isInstanceOf(Decision.Late.class);
        assertThat(view.rows().version(StreamId.of("s"))).isEqualTo(1);
    }

    @Test
    void a_second_copy_of_an_accepted_proposal_has_no_effect() {
        byte[] record = append(WRITER, 1, 2, ExpectedVersion.any(), 10);
        assertThat(view.apply(record, record).get(1)).isInstanceOf(Decision.Late.class);
        assertThat(view.rows().version(StreamId.of("s"))).isEqualTo(1);
    }

    @Test
    void what_comes_behind_its_fence_is_never_accepted() {
        assertThat(view.applyOne(TestView.record(WRITER, 2, 3, new LogEntry.Barrier())))
                .isInstanceOf(Decision.Noted.class);
        assertThat(view.applyOne(append(WRITER, 1, 2, ExpectedVersion.any(), 10)))
                .isInstanceOf(Decision.Late.class);
        assertThat(view.applyOne(append(WRITER, 1, 4, ExpectedVersion.any(), 11)))
                .as("a higher number, but of the epoch that was fenced")
                .isInstanceOf(Decision.Late.class);
        assertThat(outcome(view.applyOne(append(WRITER, 2, 5, ExpectedVersion.any(), 12))))
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    void a_repeat_by_another_writer_is_answered_with_the_first_result() {
        AppendOutcome first = outcome(view.applyOne(append(WRITER, 1, 2, ExpectedVersion.noStream(), 10, 11)));
        AppendOutcome again = outcome(view.applyOne(append(OTHER, 1, 1, ExpectedVersion.noStream(), 10, 11)));
        assertThat(((AppendOutcome.Appended) again).result().repeated()).isTrue();
        assertThat(((AppendOutcome.Appended) again).result().position())
                .isEqualTo(((AppendOutcome.Appended) first).result().position());
        assertThat(view.rows().version(StreamId.of("s"))).isEqualTo(2);
    }

    @Test
    void cells_are_changed_by_their_revision() {
        LogEntry.Slice value = new LogEntry.Slice(new byte[] {1, 2}, 0, 2);
        assertThat(view.apply(
                        TestView.record(WRITER, 1, 2, new LogEntry.CellChange("c", 0, value)),
                        TestView.record(OTHER, 1, 1, new LogEntry.CellChange("c", 0, value)),
                        TestView.record(OTHER, 1, 2, new LogEntry.CellChange("c", 1, value))))
                .extracting(decision -> ((Decision.Cell) decision).outcome())
                .containsExactly(new SetOutcome.Done(1), new SetOutcome.Mismatch(1), new SetOutcome.Done(2));
    }

    @Test
    void foreign_broken_and_early_records_are_refused_and_counted() throws Exception {
        byte[] broken = append(WRITER, 1, 2, ExpectedVersion.any(), 10);
        broken[60] ^= 1;
        byte[] foreign = RecordCodec.write(new UUID(0, 9), WRITER, new LogEntry.Barrier());
        RecordCodec.seal(foreign, 1, 2);
        byte[] newerOfAnotherLog = RecordCodec.write(new UUID(0, 9), WRITER, new LogEntry.Barrier());
        newerOfAnotherLog[4] = 7;
        RecordCodec.seal(newerOfAnotherLog, 1, 2);
        assertThat(view.apply(broken, foreign, newerOfAnotherLog, new byte[0], "hello".getBytes("UTF-8")))
                .allMatch(decision -> decision instanceof Decision.Refused);
        assertThat(view.mark().refused()).isEqualTo(5);
        try (TestView early = new TestView(folder.resolve("early"))) {
            assertThat(early.applyOne(append(WRITER, 1, 1, ExpectedVersion.any(), 10)))
                    .isInstanceOf(Decision.Refused.class);
        }
    }

    @Test
    void a_record_of_newer_rules_stops_the_reader() {
        byte[] newer = append(WRITER, 1, 2, ExpectedVersion.any(), 10);
        newer[4] = RecordCodec.RULES + 1;
        RecordCodec.seal(newer, 1, 2);
        assertThatThrownBy(() -> view.applyOne(newer))
                .isInstanceOf(IncompatibleLayout.class)
                .hasMessageContaining("version " + (RecordCodec.RULES + 1))
                .hasMessageContaining("offset 1");
    }

    @Test
    void a_hash_that_differs_from_that_of_another_process_stops_the_reader() {
        List<byte[]> records = records(7, (int) KafkaRules.HASH_EVERY + 10);
        view.apply(records.toArray(byte[][]::new));
        Long hash = view.rows().hash(KafkaRules.HASH_EVERY);
        assertThat(hash).isNotNull();
        assertThat(view.applyOne(TestView.record(OTHER, 9_000, 1, new LogEntry.StateHash(KafkaRules.HASH_EVERY, hash))))
                .isInstanceOf(Decision.Noted.class);
        assertThatThrownBy(() -> view.applyOne(
                        TestView.record(OTHER, 9_000, 2, new LogEntry.StateHash(KafkaRules.HASH_EVERY, hash + 1))))
                .isInstanceOf(ViewsDiffer.class);
    }

    @Test
    void the_same_records_give_the_same_hash_however_they_are_cut_into_batches() throws Exception {
        List<byte[]> records = records(2026, 3_000);
        view.apply(records.toArray(byte[][]::new));
        Random random = new Random(1);
        try (TestView other = new TestView(folder.resolve("other"))) {
            other.applyOne(TestView.record(WRITER, 1, 1, new LogEntry.Founding()));
            for (int at = 0; at < records.size(); ) {
                int end = Math.min(records.size(), at + 1 + random.nextInt(100));
                other.apply(records.subList(at, end).toArray(byte[][]::new));
                at = end;
            }
            assertThat(other.mark()).isEqualTo(view.mark());
        }
    }

    /** Rules never change under their version: whoever changes them sees this fail, and needs a new version. */
    @Test
    void the_rules_of_version_1_decide_as_they_always_did() {
        view.apply(records(1, 2_000).toArray(byte[][]::new));
        assertThat(RecordCodec.RULES).isEqualTo(1);
        assertThat(Long.toHexString(view.mark().hash())).isEqualTo("3c10dd8c861c7d02");
    }

    /** A seeded log of two writers with everything in it: conflicts, repeats, twins, fences, cells, nonsense. */
    private static List<byte[]> records(long seed, int count) {
        Random random = new Random(seed);
        long[] sequences = {1, 0};
        int[] epochs = {1, 1};
        List<byte[]> records = new ArrayList<>();
        while (records.size() < count) {
            int who = random.nextInt(2);
            UUID writer = who == 0 ? WRITER : OTHER;
            long sequence = ++sequences[who];
            int kind = random.nextInt(20);
            if (kind == 0) {
                records.add(TestView.record(writer, ++epochs[who], sequence, new LogEntry.Barrier()));
            } else if (kind == 1 && !records.isEmpty()) {
                records.add(records.get(random.nextInt(records.size())));
            } else if (kind == 2) {
                records.add(new byte[random.nextInt(80)]);
            } else if (kind < 6) {
                LogEntry.Slice value = new LogEntry.Slice(new byte[] {(byte) kind}, 0, 1);
                records.add(TestView.record(
                        writer,
                        epochs[who],
                        sequence,
                        new LogEntry.CellChange("c" + random.nextInt(3), random.nextInt(5), value)));
            } else {
                records.add(proposal(random, writer, epochs[who], sequence));
            }
        }
        return records;
    }

    private static byte[] proposal(Random random, UUID writer, int epoch, long sequence) {
        EventData[] events = new EventData[1 + random.nextInt(3)];
        int first = random.nextInt(500);
        for (int i = 0; i < events.length; i++) {
            events[i] = event(first + i);
        }
        ExpectedVersion expected = switch (random.nextInt(4)) {
            case 0 -> ExpectedVersion.any();
            case 1 -> ExpectedVersion.streamExists();
            default -> ExpectedVersion.exactly(random.nextInt(8));
        };
        return TestView.record(
                writer,
                epoch,
                sequence,
                new LogEntry.Proposal(TestTopic.append("s" + random.nextInt(40), expected, events), List.of()));
    }
}
