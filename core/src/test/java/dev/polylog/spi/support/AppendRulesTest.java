package dev.polylog.spi.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.support.AppendRules.Decision;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AppendRulesTest {

    private static final StreamId A = StreamId.of("A");
    private static final StreamId B = StreamId.of("B");

    private final Map<StreamId, List<UUID>> streams = new HashMap<>();
    private boolean searches;

    private final AppendRules.StreamView view = new AppendRules.StreamView() {
        @Override
        public long version(StreamId stream) {
            return streams.getOrDefault(stream, List.of()).size();
        }

        @Override
        public List<UUID> ids(StreamId stream, long firstVersion, int count) {
            assertThat(firstVersion).isPositive();
            return streams.getOrDefault(stream, List.of()).stream()
                    .skip(firstVersion - 1)
                    .limit(count)
                    .toList();
        }

        @Override
        public long find(StreamId stream, UUID eventId) {
            return searches ? streams.getOrDefault(stream, List.of()).indexOf(eventId) + 1 : 0;
        }
    };

    @Test
    void aNewAppendIsWrittenAfterTheStreamsEnd() {
        streams.put(A, ids("1", "2"));
        assertThat(decide(A, ExpectedVersion.exactly(2), "3", "4")).isEqualTo(new Decision.Write(Map.of(A, 3L)));
        assertThat(decide(B, ExpectedVersion.noStream(), "3")).isEqualTo(new Decision.Write(Map.of(B, 1L)));
        assertThat(decide(B, ExpectedVersion.any(), "3")).isEqualTo(new Decision.Write(Map.of(B, 1L)));
    }

    @Test
    void aRepeatIsSeenBeforeVersionsAreCompared() {
        streams.put(A, ids("1", "2", "3", "4"));
        assertThat(decide(A, ExpectedVersion.exactly(1), "2", "3")).isEqualTo(new Decision.Repeat(Map.of(A, 2L)));
        assertThat(decide(A, ExpectedVersion.noStream(), "1")).isEqualTo(new Decision.Repeat(Map.of(A, 1L)));
        assertThat(decide(A, ExpectedVersion.any(), "3", "4")).isEqualTo(new Decision.Repeat(Map.of(A, 3L)));
    }

    @Test
    void aPartThatIsThereAlreadyIsADuplicateAndNotAConflict() {
        streams.put(A, ids("1", "2", "3"));
        assertThat(decide(A, ExpectedVersion.exactly(1), "2", "x")).isEqualTo(duplicate(A, "2"));
        assertThat(decide(A, ExpectedVersion.exactly(1), "3", "2")).isEqualTo(duplicate(A, "3"));
        assertThat(decide(A, ExpectedVersion.any(), "3", "x")).isEqualTo(duplicate(A, "3"));
        assertThat(decide(A, ExpectedVersion.exactly(2), "3", "x")).isEqualTo(duplicate(A, "3"));
    }

    @Test
    void aStaleExpectationIsAConflictWithTheTrueVersion() {
        streams.put(A, ids("1", "2"));
        assertThat(decide(A, ExpectedVersion.exactly(1), "x")).isEqualTo(conflict(A, ExpectedVersion.exactly(1), 2));
        assertThat(decide(A, ExpectedVersion.exactly(7), "x")).isEqualTo(conflict(A, ExpectedVersion.exactly(7), 2));
        assertThat(decide(A, ExpectedVersion.noStream(), "x")).isEqualTo(conflict(A, ExpectedVersion.noStream(), 2));
        assertThat(decide(B, ExpectedVersion.streamExists(), "x"))
                .isEqualTo(conflict(B, ExpectedVersion.streamExists(), 0));
    }

    @Test
    void anExpectationOfTheGreatestVersionIsAConflictAsAnyOther() {
        streams.put(A, ids("a1"));
        ExpectedVersion greatest = ExpectedVersion.exactly(Long.MAX_VALUE);
        assertThat(decide(A, greatest, "a2")).isEqualTo(conflict(A, greatest, 1));
    }

    @Test
    void onlyAStoreThatSearchesSeesEventsElsewhereInTheStream() {
        streams.put(A, ids("1", "2", "3", "4"));
        assertThat(decide(A, ExpectedVersion.any(), "2")).isEqualTo(new Decision.Write(Map.of(A, 5L)));
        searches = true;
        assertThat(decide(A, ExpectedVersion.any(), "2")).isEqualTo(new Decision.Repeat(Map.of(A, 2L)));
        assertThat(decide(A, ExpectedVersion.any(), "x", "2")).isEqualTo(duplicate(A, "2"));
        assertThat(decide(A, ExpectedVersion.exactly(4), "2", "x")).isEqualTo(duplicate(A, "2"));
    }

    @Test
    void aRepeatThatReachesIntoTheTailIsNoDuplicate() {
        streams.put(A, ids("a", "b", "c", "d", "e"));
        searches = true;
        assertThat(decide(A, ExpectedVersion.any(), "b", "c", "d")).isEqualTo(new Decision.Repeat(Map.of(A, 2L)));
        assertThat(decide(A, ExpectedVersion.any(), "b", "d", "c")).isEqualTo(duplicate(A, "d"));
    }

    @Test
    void severalStreamsRepeatOnlyTogether() {
        streams.put(A, ids("1"));
        AppendCommand both = new AppendCommand(
                expectations(A, ExpectedVersion.noStream(), B, ExpectedVersion.noStream()),
                List.of(new AppendCommand.StreamWrite(A, events("1")), new AppendCommand.StreamWrite(B, events("2"))));
        assertThat(AppendRules.decide(both, view)).isEqualTo(duplicate(A, "1"));
        streams.put(B, ids("2"));
        assertThat(AppendRules.decide(both, view)).isEqualTo(new Decision.Repeat(Map.of(A, 1L, B, 1L)));
    }

    @Test
    void anExpectationOnAStreamThatIsNotWrittenCounts() {
        AppendCommand command = new AppendCommand(
                expectations(A, ExpectedVersion.any(), B, ExpectedVersion.streamExists()),
                List.of(new AppendCommand.StreamWrite(A, events("1"))));
        assertThat(AppendRules.decide(command, view)).isEqualTo(conflict(B, ExpectedVersion.streamExists(), 0));
        streams.put(B, ids("2"));
        assertThat(AppendRules.decide(command, view)).isEqualTo(new Decision.Write(Map.of(A, 1L)));
    }

    private Decision decide(StreamId stream, ExpectedVersion expected, String... names) {
        return AppendRules.decide(AppendCommand.of(stream, expected, events(names)), view);
    }

    private static Map<StreamId, ExpectedVersion> expectations(
            StreamId one, ExpectedVersion first, StreamId other, ExpectedVersion second) {
        Map<StreamId, ExpectedVersion> map = new LinkedHashMap<>();
        map.put(one, first);
        map.put(other, second);
        return map;
    }

    private static Decision duplicate(StreamId stream, String name) {
        return new Decision.Refuse(new AppendOutcome.Duplicate(stream, id(name)));
    }

    private static Decision conflict(StreamId stream, ExpectedVersion expected, long actual) {
        return new Decision.Refuse(new AppendOutcome.Conflict(stream, expected, actual));
    }

    private static List<UUID> ids(String... names) {
        return Stream.of(names).map(AppendRulesTest::id).toList();
    }

    private static List<EventData> events(String... names) {
        return Stream.of(names)
                .map(name -> EventData.json("T", "{}").withId(id(name)))
                .toList();
    }

    private static UUID id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
