package dev.polylog.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.kafka.RecordCodec.Reading;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Records and their bytes. */
class RecordCodecTest {

    private static final UUID WRITER = new UUID(3, 4);

    private static AppendCommand command() {
        Map<StreamId, ExpectedVersion> expectations = new LinkedHashMap<>();
        expectations.put(StreamId.of("a"), ExpectedVersion.any());
        expectations.put(StreamId.of("looked at-ü"), ExpectedVersion.streamExists());
        expectations.put(StreamId.of("b"), ExpectedVersion.exactly(7));
        expectations.put(StreamId.of("c"), ExpectedVersion.noStream());
        EventData first = new EventData(
                new UUID(5, 6), "Type", "text/plain", Payload.of(new byte[] {0, -1, 1}), Metadata.of("k", "v\"\u20ac"));
        return new AppendCommand(
                expectations,
                List.of(
                        new StreamWrite(StreamId.of("c"), List.of(first, first.withId(new UUID(7, 8)))),
                        new StreamWrite(StreamId.of("b"), List.of(first))));
    }

    private static byte[] proposal() {
        return TestView.record(WRITER, 2, 77, new LogEntry.Proposal(command(), List.of()));
    }

    @Test
    void what_was_written_is_read_back() throws Exception {
        Reading.Ours ours = (Reading.Ours) RecordCodec.read(proposal());
        assertThat(ours.origin()).isEqualTo(new LogEntry.Origin(TestView.LOG, WRITER, 2, 77));
        LogEntry.Proposal read = (LogEntry.Proposal) ours.entry();
        assertThat(read.command().expectations()).isEqualTo(command().expectations());
        assertThat(List.copyOf(read.command().expectations().keySet()))
                .isEqualTo(List.copyOf(command().expectations().keySet()));
        assertThat(read.command().eventIds()).isEqualTo(command().eventIds());
        LogEntry.Slice event = read.events().get(2);
        byte[] bytes = Arrays.copyOfRange(event.bytes(), event.from(), event.from() + event.length());
        assertThat(EventCodec.read(bytes, 0, bytes.length))
                .isEqualTo(command().writes().get(1).events().get(0));
    }

    @Test
    void every_changed_byte_and_every_cut_is_refused() {
        byte[] record = proposal();
        for (int i = 0; i < record.length; i++) {
            byte[] changed = record.clone();
            changed[i] ^= 0x10;
            assertThat(RecordCodec.read(changed)).as("byte %d changed", i).isInstanceOf(Reading.Refused.class);
            assertThat(RecordCodec.read(Arrays.copyOf(record, i)))
                    .as("cut at %d", i)
                    .isInstanceOf(Reading.Refused.class);
        }
        assertThat(RecordCodec.read(null)).isInstanceOf(Reading.Refused.class);
    }

    @Test
    void nonsense_with_a_right_checksum_is_refused_and_never_an_exception() {
        byte[] record = proposal();
        Random random = new Random(42);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = random.nextInt(4) == 0
                    ? Arrays.copyOf(record, 54 + random.nextInt(record.length - 54))
                    : record.clone();
            for (int k = 0; k <= random.nextInt(3); k++) {
                changed[5 + random.nextInt(changed.length - 9)] = (byte) random.nextInt();
            }
            RecordCodec.seal(changed, 1, 1);
            refused += RecordCodec.read(changed) instanceof Reading.Refused ? 1 : 0;
        }
        assertThat(refused).isBetween(5_000, 19_999);
    }

    @Test
    void a_record_that_follows_newer_rules_says_so() {
        byte[] record = proposal();
        record[4] = 9;
        RecordCodec.seal(record, 2, 77);
        assertThat(RecordCodec.read(record))
                .isEqualTo(new Reading.Newer(TestView.LOG, 9, RecordCodec.checksum(record)));
    }
}
