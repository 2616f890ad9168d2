package dev.polylog.kafka;

import static dev.polylog.kafka.TestTopic.append;
import static dev.polylog.kafka.TestTopic.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of a stream, wherever in an append they begin and end. */
class KafkaReaderTest {

    @RegisterExtension
    static final TestTopic TOPIC = new TestTopic();

    private static final StreamId STREAM = StreamId.of("read");
    private static final int[] APPENDS = {3, 1, 10, 2, 7};
    private static final List<UUID> IDS = new ArrayList<>();

    private final KafkaBackend backend = TOPIC.open();

    @BeforeAll
    static void write() {
        KafkaBackend backend = TOPIC.open();
        for (int size : APPENDS) {
            EventData[] events = Stream.generate(TestTopic::event).limit(size).toArray(EventData[]::new);
            backend.append(append(STREAM.name(), ExpectedVersion.exactly(IDS.size()), events));
            // Their rows lie before and behind.
            backend.append(append("rea", ExpectedVersion.any(), event()));
            backend.append(append("read-", ExpectedVersion.any(), event()));
            Stream.of(events).map(EventData::id).forEach(IDS::add);
        }
    }

    @Test
    void a_page_has_the_events_from_any_version_on_and_says_whether_it_has_come_to_the_end() {
        for (long from = 0; from <= IDS.size() + 2; from++) {
            for (int most : new int[] {1, 2, 9, IDS.size(), IDS.size() + 1}) {
                read(Direction.FORWARDS, from, most);
                read(Direction.BACKWARDS, from, most);
            }
        }
    }

    @Test
    void a_page_that_is_full_by_its_bytes_says_that_it_is_not_the_end() {
        StreamSlice slice = backend.readStream(new StreamRead(STREAM, Direction.FORWARDS, IDS.size() - 1, 10, 1));
        assertThat(slice.events()).hasSize(1);
        assertThat(slice.endOfStream()).isFalse();
        assertThat(slice.streamVersion()).isEqualTo(IDS.size());
    }

    private void read(Direction direction, long from, int most) {
        boolean forwards = direction == Direction.FORWARDS;
        int begin = forwards ? (int) Math.max(0, from - 1) : IDS.size() - (int) Math.min(from, IDS.size());
        List<UUID> there = new ArrayList<>(IDS);
        if (!forwards) {
            Collections.reverse(there);
        }
        List<UUID> left = there.subList(Math.min(begin, there.size()), there.size());

        StreamSlice slice = backend.readStream(new StreamRead(STREAM, direction, from, most, Long.MAX_VALUE));

        String page = most + " " + direction + " from " + from;
        assertThat(slice.events())
                .as(page)
                .extracting(RecordedEvent::id)
                .containsExactlyElementsOf(left.subList(0, Math.min(most, left.size())));
        assertThat(slice.endOfStream()).as(page).isEqualTo(left.size() <= most);
        assertThat(slice.streamVersion()).as(page).isEqualTo(IDS.size());
    }
}
