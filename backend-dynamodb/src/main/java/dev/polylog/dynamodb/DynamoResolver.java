package dev.polylog.dynamodb;

import dev.polylog.AppendResult;
import dev.polylog.StoreUnavailable;
import dev.polylog.dynamodb.DynamoCalls.Patience;
import dev.polylog.dynamodb.DynamoTransactions.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what became of an append in doubt.
 *
 * <ol>
 *   <li>Its attempts can only have become groups of certain numbers. Where the log does not go so far yet, an empty group
 *       takes the place: from then on no copy of the attempt that is still on its way can be written.
 *   <li>The group that has the place says whose attempt it was.
 * </ol>
 *
 * <p>Thread-safe. Rules A-05, I-05.
 */
final class DynamoResolver {

    private final DynamoCalls calls;
    private final DynamoHead head;
    private final DynamoLog log;
    private final DynamoTransactions transactions;

    DynamoResolver(DynamoCalls calls, DynamoHead head, DynamoLog log, DynamoTransactions transactions) {
        this.calls = calls;
        this.head = head;
        this.log = log;
        this.transactions = transactions;
    }

    /** What became of one member of attempts. */
    Optional<AppendResult> resolve(int member, List<DynamoAttempt> attempts) {
        calls.requireOpen();
        for (DynamoAttempt attempt : attempts) {
            fence(attempt.number());
            if (isInLog(attempt)) {
                return attempt.group().members().stream()
                        .filter(one -> one.number() == member)
                        .findFirst()
                        .map(one -> one.result(attempt.number()));
            }
        }
        return Optional.empty();
    }

    /** Whether an attempt is in the log, which goes at least so far. */
    boolean isInLog(DynamoAttempt attempt) {
        return log.group(attempt.number()).attempt().equals(attempt.id());
    }

    private void fence(long number) {
        Patience patience = calls.patience();
        try {
            for (DynamoTail tail = head.read(); tail.group() < number; tail = head.read()) {
                DynamoAttempt empty = DynamoAttempt.of(new DynamoGroup(), tail, calls.surroundings());
                Verdict verdict = transactions.send(empty, patience);
                if (!(verdict instanceof Verdict.Committed) && patience.isOver()) {
                    throw new StoreUnavailable(
                            calls.address() + ": the append in doubt cannot be resolved now. Ask again later",
                            verdict instanceof Verdict.Undecided undecided ? undecided.failure() : null);
                }
                if (!(verdict instanceof Verdict.Committed)) {
                    patience.pause();
                }
            }
        } finally {
            patience.restoreInterrupt();
        }
    }
}
