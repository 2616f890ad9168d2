package dev.polylog.tck.history;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogBackend;
import java.util.List;

/**
 * Decides whether a history can have happened on a store that keeps the rules, given the log that is there in the end.
 *
 * <p>The kit and the benchmark call it when all clients have come to rest. Immutable and thread-safe. The decision is
 * exact and takes O(n log n), because the final log gives the order of the appends:
 *
 * <ol>
 *   <li>The log in itself: positions increase, each stream's versions are 1, 2, 3 … (rules G-01, A-02).
 *   <li>The log is cut into appends ({@link UnitFinder}): the acknowledged ones, whole and where their results say, and
 *       those with unknown outcome, whole or not at all. Nothing else stands in streams that the history writes.
 *   <li>Each append must have been allowed where it stands, given what the log held before it. Each other answer (a
 *       conflict, a duplicate, a repeat, a page of a read) fits an interval of states of the log; if it is empty, the
 *       answer was never true ({@link AppendJudge}, {@link ReadJudge}).
 *   <li>The appends took effect in the order of the log, each during its call (or any time after the beginning of a call
 *       with unknown outcome); each other answer needs one of its states during its call. Each such demand says that an
 *       append took effect not before, or not after, some moment; there is a contradiction if and only if an append must
 *       be later than it, or one after it, may be ({@link Order}).
 * </ol>
 *
 * <p>Moments must come from one clock. Where an append was made several times with unknown outcome and stands several
 * times in the log, calls are matched with places so that a contradiction remains only if every matching has one.
 * Lenient where rules leave a choice: repeats of what was there before the history began may be recognised or refused.
 */
public final class HistoryChecker {

    private final BackendTraits traits;

    /**
     * A checker for stores that promise this.
     *
     * @param traits tell which repeats are recognised, where duplicates are found and what reads of single streams show
     */
    public HistoryChecker(BackendTraits traits) {
        this.traits = traits;
    }

    /**
     * Reads the log of a store at rest and compares a history with it.
     *
     * @param history what was recorded
     * @param backend the store
     * @return what is wrong, at most some dozens; empty if all is well
     */
    public List<Violation> check(History history, LogBackend backend) {
        return check(history.operations(), LogImage.read(backend, history));
    }

    /**
     * Compares operations with the log that is there in the end.
     *
     * @param operations what was asked and answered, in any order
     * @param image the log
     * @return what is wrong, at most some dozens; empty if all is well
     */
    public List<Violation> check(List<Operation> operations, LogImage image) {
        Violations violations = new Violations();
        LogIndex log = new LogIndex(image);
        new LogSanity(log, violations).judge();
        if (!violations.isEmpty()) {
            return violations.asList();
        }
        Units units = new UnitFinder(log, operations, violations).find();
        if (!violations.isEmpty()) {
            return violations.asList();
        }
        Order order = new Order(units, traits.multiStreamReads());
        AppendJudge appends = new AppendJudge(log, units, order, traits, violations);
        appends.judgeWritten();
        judgeAnswers(operations, appends, new ReadJudge(log, units, order, violations));
        if (violations.isEmpty()) {
            new UnknownAppends(units, order, appends, violations).judge();
        }
        if (violations.isEmpty()) {
            order.judge(violations);
        }
        CellJudge.judge(operations, violations);
        return violations.asList();
    }

    private static void judgeAnswers(List<Operation> operations, AppendJudge appends, ReadJudge reads) {
        for (Operation operation : operations) {
            Action action = operation.action();
            Outcome outcome = operation.outcome();
            if (action instanceof Action.Append append && outcome instanceof Outcome.Decided decided) {
                appends.judge(operation, append, decided.outcome());
            } else if (action instanceof Action.Resolve resolve && outcome instanceof Outcome.Resolved resolved) {
                resolved.result()
                        .ifPresent(result -> appends.judgeRepeat(operation, resolve.attempt(), result, "A-05"));
            } else if (action instanceof Action.ReadStream read && outcome instanceof Outcome.StreamSeen seen) {
                reads.judge(operation, read, seen);
            } else if (action instanceof Action.ReadAll read && outcome instanceof Outcome.LogSeen seen) {
                reads.judge(operation, read.request(), seen);
            }
        }
    }
}
