package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendResult;
import dev.polylog.EventStore;
import dev.polylog.ExpectedVersion;
import dev.polylog.Position;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.FaultPlan.Fault;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.support.ForwardingBackend;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultLoadTest {

    private static final long SEED = 7;
    private static final int WRITERS = 4;
    private static final StreamId SHARED = StreamId.of("shared");

    private final FaultPlan faults = new FaultPlan();
    private final MemoryBackend memory = MemoryBackend.builder().faults(faults).open();

    @BeforeEach
    void slowDown() {
        faults.delayAppends(Duration.ofMillis(1));
    }

    @AfterEach
    void close() {
        memory.close();
    }

    /** Lets the load meet refusals, doubts and an outage. */
    private void harm() throws InterruptedException {
        Random random = new Random(SEED);
        List<Fault> some = List.of(Fault.UNAVAILABLE, Fault.UNKNOWN_BEFORE_COMMIT, Fault.UNKNOWN_AFTER_COMMIT);
        for (int i = 0; i < 60; i++) {
            faults.nextAppend(some.get(random.nextInt(some.size())));
            faults.outage(i % 20 == 10);
            Thread.sleep(5);
        }
    }

    /** Plays it with a store for the writers, and one for the subscription. */
    private int play(LogBackend writing, LogBackend following, LogBackend... others) throws InterruptedException {
        EventStore follower = EventStore.over(following);
        try (FaultLoad load = FaultLoad.begin(SEED, follower, Collections.nCopies(WRITERS, writing))) {
            harm();
            load.judge(memory, others);
            return load.doubts();
        }
    }

    @Test
    void a_store_that_fails_and_tells_the_truth_passes() throws Exception {
        assertThat(play(memory, memory, memory)).isPositive();
    }

    @Test
    void a_store_that_refuses_nothing_passes() throws Exception {
        MemoryBackend untroubled = MemoryBackend.create();
        try (FaultLoad load = FaultLoad.begin(SEED, EventStore.over(untroubled), List.of(untroubled))) {
            Thread.sleep(100); // for some appends
            load.judge(untroubled);
            assertThat(load.doubts()).isZero();
        }
    }

    @Test
    void a_failure_that_wrote_all_the_same_is_found() {
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                AppendOutcome written = super.append(command);
                if (command.expectations().containsKey(SHARED)) {
                    throw new StoreUnavailable("nothing was written", null);
                }
                return written;
            }
        };
        assertThatThrownBy(() -> play(lie, memory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 7")
                .hasMessageContaining("refused, and there all the same");
    }

    @Test
    void an_acknowledged_append_that_is_not_there_is_found() {
        MemoryBackend elsewhere = MemoryBackend.create();
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                boolean shared =
                        ExpectedVersion.any().equals(command.expectations().get(SHARED));
                return shared ? elsewhere.append(command) : super.append(command);
            }
        };
        assertThatThrownBy(() -> play(lie, memory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 7")
                .hasMessageContaining("to contain");
    }

    @Test
    void an_append_that_is_answered_with_a_conflict_for_no_reason_is_found() {
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                return new AppendOutcome.Conflict(SHARED, ExpectedVersion.any(), 1);
            }
        };
        assertThatThrownBy(() -> play(lie, memory))
                .isInstanceOf(AssertionError.class)
                .hasMessage("a writer failed, seed 7");
    }

    @Test
    void an_event_that_is_never_delivered_is_found() {
        AtomicBoolean skipped = new AtomicBoolean();
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public LogSlice readAll(LogRead read) {
                LogSlice slice = super.readAll(read);
                boolean skip = slice.events().size() > 1 && skipped.compareAndSet(false, true);
                return skip
                        ? new LogSlice(
                                slice.events().subList(1, slice.events().size()), slice.lookedUpTo(), slice.atHead())
                        : slice;
            }
        };
        assertThatThrownBy(() -> play(memory, lie))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("delivered so far, seed 7");
    }

    @Test
    void a_handle_that_reads_another_log_is_found() {
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public LogSlice readAll(LogRead read) {
                return new LogSlice(List.of(), Position.START, true);
            }
        };
        assertThatThrownBy(() -> play(memory, memory, lie))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("read by another handle, seed 7");
    }

    @Test
    void an_answer_that_contradicts_the_log_is_found() {
        LogBackend lie = new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                AppendOutcome outcome = super.append(command);
                return outcome instanceof AppendOutcome.Appended appended
                        ? new AppendOutcome.Appended(
                                new AppendResult(appended.result().streams(), Position.of(1), false))
                        : outcome;
            }
        };
        assertThatThrownBy(() -> play(lie, memory))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what the history broke, seed 7");
    }
}
