package dev.polylog.kafka;

import static dev.polylog.kafka.TestTopic.append;
import static dev.polylog.kafka.TestTopic.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.ExpectedVersion;
import dev.polylog.LogDiverged;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every so many offsets a process publishes what it made of the log, and others compare. */
class KafkaHashTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    @Test
    void whoever_writes_the_first_record_behind_a_boundary_publishes_its_hash_and_who_made_something_else_of_it_stops()
            throws Exception {
        KafkaBackend one = TOPIC.open();
        KafkaBackend two = TOPIC.open();
        one.append(append("s", ExpectedVersion.noStream(), event()));
        TOPIC.produceMany(KafkaRules.HASH_EVERY - 1, new byte[] {1}); // the last one lies behind the boundary
        one.append(append("s", ExpectedVersion.exactly(1), event()));
        one.append(append("s", ExpectedVersion.exactly(2), event()));
        assertThat(one.status().watermark()).isEqualTo(two.status().watermark());
        LogEntry.StateHash published = published();
        assertThat(published.offset()).isEqualTo(KafkaRules.HASH_EVERY);
        assertThat(two.append(append("s", ExpectedVersion.exactly(3), event()))).isNotNull();

        LogEntry wrong = new LogEntry.StateHash(published.offset(), published.hash() + 1);
        byte[] record = RecordCodec.write(UUID.fromString(one.status().logId()), UUID.randomUUID(), wrong);
        RecordCodec.seal(record, 1, 1);
        TOPIC.produce(record);
        for (KafkaBackend backend : List.of(one, two)) {
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(backend::status)
                            .isInstanceOf(LogDiverged.class)
                            .hasMessageContaining("made anew"));
        }
    }

    /** The hash that lies in the topic; it is written when the record behind the boundary has been decided. */
    private static LogEntry.StateHash published() {
        return Awaitility.await()
                .until(KafkaHashTest::hashes, found -> !found.isEmpty())
                .get(0);
    }

    private static List<LogEntry.StateHash> hashes() {
        List<LogEntry.StateHash> hashes = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : MirrorReader.records(TOPIC.name())) {
            if (RecordCodec.read(record.value()) instanceof RecordCodec.Reading.Ours ours
                    && ours.entry() instanceof LogEntry.StateHash hash) {
                hashes.add(hash);
            }
        }
        return hashes;
    }
}
