package dev.polylog.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.VersionConflict;
import dev.polylog.memory.FaultPlan.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemoryBackendTest {

    private static final StreamId STREAM = StreamId.of("S-1");

    private final FaultPlan faults = new FaultPlan();
    private final MemoryBackend backend = MemoryBackend.builder().faults(faults).open();
    private final EventStore store = EventStore.over(backend);
    private final EventData event = EventData.json("T", "{}");

    @Test
    void anUnknownOutcomeAfterTheCommitResolvesToTheResult() {
        AppendOutcomeUnknown unknown = failing(Fault.UNKNOWN_AFTER_COMMIT);
        AppendResult result = unknown.resolve().orElseThrow();
        assertThat(result.version()).isEqualTo(1);
        assertThat(store.append(STREAM, ExpectedVersion.noStream(), event))
                .isEqualTo(new AppendResult(result.streams(), result.position(), true));
        assertThat(store.version(STREAM)).isEqualTo(1);
    }

    @Test
    void anUnknownOutcomeBeforeTheCommitResolvesToNothing() {
        AppendOutcomeUnknown unknown = failing(Fault.UNKNOWN_BEFORE_COMMIT);
        assertThat(unknown.eventIds()).containsExactly(event.id());
        assertThat(unknown.resolve()).isEmpty();
        assertThat(store.version(STREAM)).isZero();
    }

    @Test
    void anAnswerOnceGivenKeepsALateAttemptFromArriving() {
        AppendOutcomeUnknown unknown = failing(Fault.UNKNOWN_IN_FLIGHT);
        assertThat(unknown.resolve()).isEmpty();
        backend.deliverLate();
        assertThat(store.version(STREAM)).isZero();
        assertThat(unknown.resolve()).isEmpty();
    }

    @Test
    void aLateAttemptThatNobodyAskedAboutArrives() {
        failing(Fault.UNKNOWN_IN_FLIGHT);
        backend.deliverLate();
        assertThat(store.version(STREAM)).isEqualTo(1);
    }

    @Test
    void aRetryThatWasToldOfAConflictFencesItsLateTwin() {
        faults.nextAppend(Fault.UNKNOWN_IN_FLIGHT);
        assertThatThrownBy(() -> store.append(STREAM, ExpectedVersion.exactly(1), event))
                .isInstanceOf(AppendOutcomeUnknown.class);
        assertThatThrownBy(() -> store.append(STREAM, ExpectedVersion.exactly(1), event))
                .isInstanceOf(VersionConflict.class);
        store.append(STREAM, ExpectedVersion.noStream(), EventData.json("Other", "{}"));
        backend.deliverLate();
        assertThat(store.version(STREAM)).isEqualTo(1);
    }

    @Test
    void whileTheStoreIsAwayNothingIsWrittenAndEverythingSaysSo() {
        faults.outage(true);
        assertThatThrownBy(() -> store.append(STREAM, ExpectedVersion.any(), event))
                .isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.readAll().toList()).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(store::watermark).isInstanceOf(StoreUnavailable.class);
        faults.outage(false);
        assertThat(store.readAll().toList()).isEmpty();
    }

    @Test
    void lostSignalsAreNotSentAndOthersAre() {
        AtomicInteger signals = new AtomicInteger();
        backend.signal(signals::incrementAndGet).close();
        backend.signal(signals::incrementAndGet);
        store.append(STREAM, ExpectedVersion.any(), event);
        assertThat(signals).hasValue(1);
        faults.loseSignals(true);
        store.append(STREAM, ExpectedVersion.any(), EventData.json("T", "{}"));
        assertThat(signals).hasValue(1);
    }

    @Test
    void aTruncatedLogForgetsItsTail() {
        Position first = store.append(STREAM, ExpectedVersion.any(), event).position();
        store.append(STREAM, ExpectedVersion.any(), EventData.json("Lost", "{}"));
        backend.truncateAfter(first);
        assertThat(store.readAll().stream().map(RecordedEvent::data)).containsExactly(event);
        assertThat(store.append(STREAM, ExpectedVersion.exactly(1), EventData.json("New", "{}"))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void aNamedLogIsSharedUntilTheLastCloses() {
        try (EventStore one = EventStore.open("memory:shared-until-last");
                EventStore other = EventStore.open("memory:shared-until-last")) {
            one.append(STREAM, ExpectedVersion.any(), event);
            assertThat(other.version(STREAM)).isEqualTo(1);
        }
        try (EventStore again = EventStore.open("memory:shared-until-last")) {
            assertThat(again.version(STREAM)).isZero();
        }
    }

    @Test
    void simulatedTimeRunsTasksAtTheirMomentInOrder() {
        VirtualTime time = new VirtualTime();
        List<String> ran = new ArrayList<>();
        time.schedule(Duration.ofSeconds(2), () -> ran.add("two at " + time.nanoTime()));
        time.schedule(Duration.ofSeconds(1), () -> {
            ran.add("one at " + time.nanoTime());
            time.schedule(Duration.ofMillis(500), () -> ran.add("nested at " + time.nanoTime()));
        });
        time.schedule(Duration.ofSeconds(1), () -> ran.add("cancelled")).cancel();
        time.advance(Duration.ofMillis(1_600));
        assertThat(ran).containsExactly("one at 1000000000", "nested at 1500000000");
        time.advance(Duration.ofSeconds(1));
        assertThat(ran).hasSize(3).last().isEqualTo("two at 2000000000");
        assertThat(time.now()).isEqualTo(new VirtualTime().now().plusMillis(2_600));
    }

    private AppendOutcomeUnknown failing(Fault fault) {
        faults.nextAppend(fault);
        try {
            store.append(STREAM, ExpectedVersion.noStream(), event);
            throw new AssertionError("the append did not fail");
        } catch (AppendOutcomeUnknown e) {
            return e;
        }
    }
}
