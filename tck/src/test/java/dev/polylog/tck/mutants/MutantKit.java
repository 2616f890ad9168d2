package dev.polylog.tck.mutants;

import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.AppendTck;
import dev.polylog.tck.CellTck;
import dev.polylog.tck.IdempotencyTck;
import dev.polylog.tck.LifecycleTck;
import dev.polylog.tck.ReadAllTck;
import dev.polylog.tck.ReadStreamTck;
import dev.polylog.tck.SignalTck;
import dev.polylog.tck.TckHarness;
import dev.polylog.tck.UnknownOutcomes;
import dev.polylog.tck.Unreachable;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Nested;

/** The kit on a store that is wrong on purpose. Named so that only the self test runs it. */
class MutantKit implements TckHarness, UnknownOutcomes {

    /** Which mutant the kit judges that this thread runs. */
    static final ThreadLocal<Mutant> JUDGED = ThreadLocal.withInitial(() -> Mutant.values()[0]);

    private final Mutant mutant = JUDGED.get();
    private final Shared shared = new Shared();
    private final String name = UUID.randomUUID().toString();

    @Override
    public LogBackend open() {
        return mutant.wrap(MemoryBackend.builder().name(name).open(), shared);
    }

    @Override
    public Faulty openFaulty() {
        FaultPlan plan = new FaultPlan();
        MemoryBackend memory = MemoryBackend.builder().name(name).faults(plan).open();
        LogBackend wrapped = mutant.wrap(memory, shared);
        return new Faulty() {
            @Override
            public LogBackend backend() {
                return wrapped;
            }

            @Override
            public void loseNextAnswer(Moment moment) {
                plan.nextAppend(FaultPlan.Fault.valueOf("UNKNOWN_" + moment.name()));
            }

            @Override
            public void deliverLate() {
                memory.deliverLate();
            }
        };
    }

    @Override
    public Unreachable unreachable() {
        return new Unreachable.Never("memory is always there");
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(10);
    }

    @Nested
    class Append extends AppendTck {}

    @Nested
    class Idempotency extends IdempotencyTck {}

    @Nested
    class ReadStream extends ReadStreamTck {}

    @Nested
    class ReadAll extends ReadAllTck {}

    @Nested
    class Signals extends SignalTck {}

    @Nested
    class Cells extends CellTck {}

    @Nested
    class Lifecycle extends LifecycleTck {}
}
