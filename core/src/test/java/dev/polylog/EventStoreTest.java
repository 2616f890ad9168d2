package dev.polylog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.MemoryBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store as applications use it, over the reference backend. */
class EventStoreTest {

    private static final StreamId ORDER = StreamId.of("Order-1");

    private final FaultPlan faults = new FaultPlan();
    private final EventStore store =
            EventStore.over(MemoryBackend.builder().faults(faults).open());

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void anInvalidAppendListsEverythingThatIsWrong() {
        UUID id = UUID.randomUUID();
        EventData blankType = EventData.json(" ", "{}").withId(id);
        EventData sameId = EventData.json("x".repeat(256), "{}").withId(id);
        assertThatThrownBy(() -> store.append(
                        StreamId.of("$sys\u0001"), ExpectedVersion.any(), Arrays.asList(blankType, null, sameId)))
                .isInstanceOfSatisfying(
                        InvalidAppend.class,
                        e -> assertThat(e.problems())
                                .anyMatch(p -> p.contains("begins with $"))
                                .anyMatch(p -> p.contains("control character"))
                                .anyMatch(p -> p.contains("event 1") && p.contains("blank"))
                                .anyMatch(p -> p.contains("event 2") && p.contains("null"))
                                .anyMatch(p -> p.contains("event 3") && p.contains("256 characters"))
                                .anyMatch(p -> p.contains("event 3") && p.contains("occurs twice"))
                                .hasSize(6));
        assertThat(store.readAll().toList()).isEmpty();
    }

    @Test
    void theMessageOfAnInvalidAppendShowsNoControlCharacter() {
        assertThatThrownBy(() -> store.append(
                        StreamId.of("a\u001b[2Jb\u202e"), ExpectedVersion.any(), EventData.json("T", "{}")))
                .isInstanceOf(InvalidAppend.class)
                .satisfies(e -> assertThat(e.getMessage().codePoints())
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT));
    }

    @Test
    void pagesOfAnySizeGiveTheSameEvents() {
        List<EventData> events = new ArrayList<>();
        for (int i = 0; i < 137; i++) {
            EventData event = EventData.json("T" + i, "{}");
            events.add(event);
            store.append(StreamId.of("S-" + i % 3), ExpectedVersion.any(), event);
        }
        for (int size : new int[] {1, 2, 7, 100, 1000}) {
            assertThat(store.readAll(ReadOptions.all().pageSize(size)).stream()
                            .map(RecordedEvent::data)
                            .toList())
                    .isEqualTo(events);
            List<RecordedEvent> backwards =
                    store.readAll(ReadOptions.all().backwards().pageSize(size)).toList();
            assertThat(backwards).hasSize(137);
            assertThat(backwards.get(0).data()).isEqualTo(events.get(136));
            assertThat(
                            store
                                    .readStream(
                                            StreamId.of("S-1"),
                                            ReadOptions.stream()
                                                    .pageSize(size)
                                                    .from(3)
                                                    .limit(4))
                                    .stream()
                                    .map(RecordedEvent::version))
                    .containsExactly(3L, 4L, 5L, 6L);
            assertThat(
                            store
                                    .readStream(
                                            StreamId.of("S-1"),
                                            ReadOptions.stream()
                                                    .backwards()
                                                    .pageSize(size)
                                                    .limit(2))
                                    .stream()
                                    .map(RecordedEvent::version))
                    .containsExactly(46L, 45L);
        }
    }

    @Test
    void anIteratorGoesOnAfterTheStoreHasComeBack() {
        for (int i = 0; i < 4; i++) {
            store.append(ORDER, ExpectedVersion.any(), EventData.json("T", "{}"));
        }
        Iterator<RecordedEvent> events =
                store.readAll(ReadOptions.all().pageSize(2)).iterator();
        events.next();
        events.next();
        faults.outage(true);
        assertThatThrownBy(events::next).isInstanceOf(StoreUnavailable.class);
        faults.outage(false);
        assertThat(events.next().version()).isEqualTo(3);
        assertThat(events.next().version()).isEqualTo(4);
        assertThat(events.hasNext()).isFalse();
    }

    @Test
    void futuresGiveWhatTheBlockingCallsGive() throws Exception {
        EventData event = EventData.json("T", "{}");
        assertThat(store.async()
                        .append(ORDER, ExpectedVersion.noStream(), event)
                        .get()
                        .version())
                .isEqualTo(1);
        assertThat(store.async().version(ORDER).get()).isEqualTo(1);
        assertThat(store.async().readStream(ORDER, ReadOptions.stream()).get())
                .extracting(RecordedEvent::data)
                .containsExactly(event);
        assertThatThrownBy(() -> store.async()
                        .append(ORDER, ExpectedVersion.noStream(), EventData.json("T", "{}"))
                        .get())
                .hasCauseInstanceOf(VersionConflict.class);
    }

    @Test
    void aNameThatNoStreamCanHaveIsRefusedByReadsToo() {
        assertThatThrownBy(() -> store.readStream(StreamId.of(" "))).hasMessageContaining("blank");
        assertThatThrownBy(() -> store.version(StreamId.of("$x"))).hasMessageContaining("$");
    }

    @Test
    void anUnknownSchemeNamesWhatIsThereOrWhatToAdd() {
        assertThatThrownBy(() -> EventStore.open("memry:"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("memry")
                .hasMessageContaining("[memory]");
        assertThatThrownBy(() -> EventStore.open("sqlite:x.db"))
                .isInstanceOf(InvalidStoreUrl.class)
                .hasMessageContaining("dev.polylog:polylog-backend-sqlite");
    }
}
