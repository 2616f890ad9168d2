package dev.polylog.kafka;

import dev.polylog.kafka.LogEntry.Origin;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.CellStore.SetOutcome;
import org.jspecify.annotations.Nullable;

/**
 * What the rules make of a record.
 *
 * <p>Immutable and thread-safe.
 */
sealed interface Decision {

    /** A number for the hash of all decisions: the same in every process. */
    long code();

    /**
     * A proposal was decided.
     *
     * @param outcome what became of it
     */
    record Append(AppendOutcome outcome) implements Decision {

        @Override
        public long code() {
            if (outcome instanceof AppendOutcome.Appended appended) {
                return (appended.result().repeated() ? 1 : 2)
                        + 8 * appended.result().version();
            }
            return outcome instanceof AppendOutcome.Conflict conflict ? 3 + 8 * conflict.actual() : 4;
        }
    }

    /**
     * A compare-and-set was decided.
     *
     * @param outcome what became of it
     */
    record Cell(SetOutcome outcome) implements Decision {

        @Override
        public long code() {
            return outcome instanceof SetOutcome.Done done
                    ? 5 + 8 * done.revision()
                    : 6 + 8 * ((SetOutcome.Mismatch) outcome).actualRevision();
        }
    }

    /** A record that changes nothing by itself. */
    record Noted() implements Decision {

        @Override
        public long code() {
            return 7;
        }
    }

    /** A late or second copy of a record whose writer has gone on: it never has an effect. */
    record Late() implements Decision {

        @Override
        public long code() {
            return 8;
        }
    }

    /**
     * No record of this log.
     *
     * @param reason why
     * @param otherLog whether it is a whole record of another log
     */
    record Refused(String reason, boolean otherLog) implements Decision {

        @Override
        public long code() {
            return 9;
        }
    }

    /**
     * A decision with the origin of its record.
     *
     * @param origin whose record it is; null where it is none of ours
     * @param decision what was decided
     */
    record Judged(@Nullable Origin origin, Decision decision) {}
}
