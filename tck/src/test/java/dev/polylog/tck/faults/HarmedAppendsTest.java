package dev.polylog.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.AppendOutcomeUnknown;
import dev.polylog.AppendResult;
import dev.polylog.StoreUnavailable;
import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.FaultPlan.Fault;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.support.ForwardingBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HarmedAppendsTest {

    private final FaultPlan faults = new FaultPlan();
    private final MemoryBackend memory = MemoryBackend.builder().faults(faults).open();

    @AfterEach
    void close() {
        memory.close();
    }

    private HarmedAppends appends(LogBackend harmed) {
        return new HarmedAppends(memory, harmed, AppendOutcomeUnknown::resolve);
    }

    @Test
    void true_outcomes_are_counted_and_agree_with_the_stream() {
        HarmedAppends appends = appends(memory);
        for (Fault fault : List.of(Fault.UNAVAILABLE, Fault.UNKNOWN_BEFORE_COMMIT, Fault.UNKNOWN_AFTER_COMMIT)) {
            appends.undisturbed();
            faults.nextAppend(fault);
            appends.append();
            appends.verify(fault);
        }
        appends.append();
        appends.verify("nothing");
        assertThat(appends.told())
                .isEqualTo(Map.of(
                        Told.APPENDED,
                        1,
                        Told.NOT_APPENDED,
                        1,
                        Told.UNKNOWN_AND_APPENDED,
                        1,
                        Told.UNKNOWN_AND_NOT_APPENDED,
                        1));
        assertThat(appends.refusals()).singleElement().asString().contains("nothing was written");
    }

    @Test
    void undisturbed_goes_on_after_doubts_and_tells_of_none() {
        HarmedAppends appends = appends(memory);
        faults.nextAppend(Fault.UNKNOWN_AFTER_COMMIT);
        faults.nextAppend(Fault.UNKNOWN_BEFORE_COMMIT);
        appends.undisturbed();
        appends.verify("nothing");
        assertThat(appends.told()).isEmpty();
    }

    @Test
    void undisturbed_takes_no_refusal() {
        HarmedAppends appends = appends(memory);
        faults.nextAppend(Fault.UNAVAILABLE);
        assertThatThrownBy(appends::undisturbed)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("unavailable as planned");
    }

    @Test
    void a_refusal_that_wrote_is_found() {
        HarmedAppends appends = appends(new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                super.append(command);
                throw new StoreUnavailable("nothing was written", null);
            }
        });
        appends.append();
        assertThatThrownBy(() -> appends.verify("a lie"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after a lie");
    }

    @Test
    void an_answer_without_an_append_is_found() {
        MemoryBackend elsewhere = MemoryBackend.create();
        HarmedAppends appends = appends(elsewhere);
        appends.append();
        assertThatThrownBy(() -> appends.verify("a lie"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after a lie");
    }

    @Test
    void a_doubt_that_is_resolved_wrongly_is_found() {
        HarmedAppends appends = appends(new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                super.append(command);
                throw new AppendOutcomeUnknown(command.eventIds(), "a lie", null, Optional::empty);
            }
        });
        appends.append();
        assertThatThrownBy(() -> appends.verify("a lie"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("after a lie");
    }

    @Test
    void a_result_with_another_version_is_found() {
        HarmedAppends appends = appends(new ForwardingBackend(memory) {
            @Override
            public AppendOutcome append(AppendCommand command) {
                AppendResult result = ((AppendOutcome.Appended) super.append(command)).result();
                AppendResult.Written other = new AppendResult.Written(result.streams().get(0).stream(), 5, 5);
                return new AppendOutcome.Appended(new AppendResult(List.of(other), result.position(), false));
            }
        });
        assertThatThrownBy(appends::append).isInstanceOf(AssertionError.class).hasMessageContaining("the version of");
    }
}
