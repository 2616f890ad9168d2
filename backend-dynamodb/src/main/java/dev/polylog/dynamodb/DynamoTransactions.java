package dev.polylog.dynamodb;

import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.dynamodb.DynamoFailures.Meaning;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Sends attempts, each until there is an answer to it: the same request with the same token does its work once.
 *
 * <p>Thread-safe.
 */
final class DynamoTransactions {

    /** How a cancelled transaction says that a condition does not hold. */
    static final String CONDITION = "ConditionalCheckFailed";

    private static final String CONFLICT = "TransactionConflict";
    private static final Set<String> PASSING = Set.of(CONFLICT, "ThrottlingError", "ProvisionedThroughputExceeded");

    private final DynamoCalls calls;

    DynamoTransactions(DynamoCalls calls) {
        this.calls = calls;
    }

    /** What became of the place that an attempt was made for. */
    enum Place {
        /** Nothing is said of it. */
        FREE,
        /** Another transaction has the tail at the moment. */
        HELD,
        /** Another process is to go first. */
        NOT_OURS_YET,
        /** Another group has it, for good. */
        TAKEN
    }

    /** What became of an attempt. */
    sealed interface Verdict {

        /** It is in the log. */
        record Committed() implements Verdict {}

        /**
         * DynamoDB cancelled it; it may still come to pass where none of its conditions failed and a copy is on its way.
         *
         * @param place what became of its place in the log
         * @param tail the tail as it was where it is not as expected; empty where DynamoDB does not tell
         * @param failedSlots the slots whose condition does not hold, by index
         * @param poisonousSlots the slots that DynamoDB refuses, by index
         * @param inDoubt whether an earlier copy was not answered
         */
        record Cancelled(
                Place place,
                Map<String, AttributeValue> tail,
                Set<Integer> failedSlots,
                Set<Integer> poisonousSlots,
                boolean inDoubt)
                implements Verdict {

            /** Whether no copy of it can come to pass any more: what it demands will never hold again. */
            boolean isDead() {
                return (place == Place.TAKEN || !failedSlots.isEmpty()) && !inDoubt;
            }
        }

        /**
         * There was no answer in time, or none that decides.
         *
         * @param failure the last that was heard
         * @param sent whether a copy may have arrived
         */
        record Undecided(RuntimeException failure, boolean sent) implements Verdict {}
    }

    Verdict send(DynamoAttempt attempt, Patience patience) {
        TransactWriteItemsRequest request =
                attempt.request(calls.table(), more -> more.overrideConfiguration(calls.override()));
        boolean inDoubt = false;
        while (true) {
            try {
                calls.client().transactWriteItems(request);
                return new Verdict.Committed();
            } catch (RuntimeException e) {
                patience.uninterrupted();
                Meaning meaning = DynamoFailures.of(e);
                if (e instanceof TransactionCanceledException cancelled) {
                    return cancelled(attempt, cancelled.cancellationReasons(), inDoubt);
                }
                inDoubt |= meaning == Meaning.UNKNOWN;
                if (!meaning.isPassing() || patience.isOver()) {
                    return new Verdict.Undecided(e, inDoubt);
                }
            }
            patience.pause();
        }
    }

    private Verdict cancelled(DynamoAttempt attempt, List<CancellationReason> reasons, boolean inDoubt) {
        Set<Integer> failed = new HashSet<>();
        Set<Integer> poisonous = new HashSet<>();
        for (int i = 0; i < reasons.size(); i++) {
            String code = reasons.get(i).code();
            if (CONDITION.equals(code)) {
                failed.add(i);
            } else if (code != null && !code.equals("None") && !PASSING.contains(code)) {
                poisonous.add(i);
            }
        }
        int log = attempt.tailIndex() - 1;
        return new Verdict.Cancelled(
                place(attempt, reasons, failed.contains(log)),
                failed.contains(attempt.tailIndex())
                        ? reasons.get(attempt.tailIndex()).item()
                        : Map.of(),
                failed.stream().filter(i -> i < log).collect(Collectors.toSet()),
                poisonous,
                inDoubt);
    }

    private Place place(DynamoAttempt attempt, List<CancellationReason> reasons, boolean logTaken) {
        CancellationReason tail = reasons.get(attempt.tailIndex());
        if (logTaken) {
            return Place.TAKEN;
        }
        if (CONFLICT.equals(tail.code())) {
            return Place.HELD;
        }
        if (!CONDITION.equals(tail.code())) {
            return Place.FREE;
        }
        boolean moved = !tail.item().isEmpty()
                && !DynamoTail.of(calls.address(), tail.item()).isWhere(attempt.before());
        return moved ? Place.TAKEN : Place.NOT_OURS_YET;
    }
}
