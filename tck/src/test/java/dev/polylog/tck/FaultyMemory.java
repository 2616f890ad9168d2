package dev.polylog.tck;

import dev.polylog.memory.FaultPlan;
import dev.polylog.memory.MemoryBackend;

/** Loses answers inside the memory backend. */
record FaultyMemory(MemoryBackend backend, FaultPlan plan) implements UnknownOutcomes.Faulty {

    @Override
    public void loseNextAnswer(UnknownOutcomes.Moment moment) {
        plan.nextAppend(
                switch (moment) {
                    case BEFORE_COMMIT -> FaultPlan.Fault.UNKNOWN_BEFORE_COMMIT;
                    case AFTER_COMMIT -> FaultPlan.Fault.UNKNOWN_AFTER_COMMIT;
                    case IN_FLIGHT -> FaultPlan.Fault.UNKNOWN_IN_FLIGHT;
                });
    }

    @Override
    public void deliverLate() {
        backend.deliverLate();
    }
}
