package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StoreUnavailable;
import dev.polylog.StreamId;
import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.FaultPlan.Fault;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SureAppendTest {

    private final FaultPlan faults = new FaultPlan();
    private final MemoryBackend memory = MemoryBackend.builder().faults(faults).open();

    @AfterEach
    void close() {
        memory.close();
    }

    private static AppendCommand append(long version) {
        return AppendCommand.of(
                StreamId.of("s"), ExpectedVersion.exactly(version), List.of(EventData.json("Tested", "{}")));
    }

    private Told told(Fault fault) {
        faults.nextAppend(fault);
        return SureAppend.append(memory, append(0));
    }

    @Test
    void what_is_acknowledged_is_appended() {
        Told told = SureAppend.append(memory, append(0));
        assertThat(told).isEqualTo(Told.APPENDED);
        assertThat(told.written()).isTrue();
        assertThat(told.doubted()).isFalse();
    }

    @Test
    void what_an_unavailable_store_refused_is_not_appended() {
        Told told = told(Fault.UNAVAILABLE);
        assertThat(told).isEqualTo(Told.NOT_APPENDED);
        assertThat(told.written()).isFalse();
        assertThat(told.doubted()).isFalse();
    }

    @Test
    void what_is_in_doubt_is_found_where_it_was_written() {
        Told told = told(Fault.UNKNOWN_AFTER_COMMIT);
        assertThat(told).isEqualTo(Told.UNKNOWN_AND_APPENDED);
        assertThat(told.written()).isTrue();
        assertThat(told.doubted()).isTrue();
    }

    @Test
    void what_is_in_doubt_is_not_found_where_it_was_not_written() {
        Told told = told(Fault.UNKNOWN_BEFORE_COMMIT);
        assertThat(told).isEqualTo(Told.UNKNOWN_AND_NOT_APPENDED);
        assertThat(told.written()).isFalse();
        assertThat(told.doubted()).isTrue();
    }

    @Test
    void a_store_that_cannot_be_asked_is_asked_again() {
        AtomicInteger asked = new AtomicInteger();
        AppendOutcomeUnknown unknown = new AppendOutcomeUnknown(append(0).eventIds(), "a test", null, () -> {
            if (asked.incrementAndGet() < 3) {
                throw new StoreUnavailable("away", null);
            }
            return Optional.empty();
        });
        assertThat(SureAppend.resolve(unknown)).isEmpty();
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_conflict_where_nobody_else_appends_is_a_failure() {
        assertThatThrownBy(() -> SureAppend.append(memory, append(7)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Conflict");
    }
}
