package dev.polylog.tck.history;

import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.Timeline.Contradiction;
import dev.polylog.tck.history.Units.States;

/**
 * When the appends of the log can have taken effect. Confined to one thread.
 *
 * <p>Usually an append takes effect at one moment. Where reads of single streams may show a part of an append to several
 * streams (rule A-01, as declared), such an append has three moments: from the first on a stream read may show it, at the
 * second everything else sees it, from the third on every read shows it.
 */
final class Order {

    private final Units units;
    private final int[] first;
    private final int[] middle;
    private final int[] last;
    private final Timeline timeline;

    Order(Units units, boolean atomicForStreamReads) {
        this.units = units;
        this.first = new int[units.size() + 1];
        this.middle = new int[units.size() + 1];
        this.last = new int[units.size() + 1];
        int point = 0;
        for (int number = 1; number <= units.size(); number++) {
            Action.Append append = units.unit(number).append();
            int step = atomicForStreamReads || append == null || append.writes().size() == 1 ? 0 : 1;
            first[number] = point + 1;
            middle[number] = point + 1 + step;
            last[number] = point + 1 + 2 * step;
            point = last[number];
        }
        this.timeline = new Timeline(point);
    }

    /** The append took effect while this operation, which was acknowledged, ran. */
    void tookEffect(int unit, Operation operation) {
        timeline.notBefore(first[unit], operation);
        timeline.notAfter(last[unit], operation);
    }

    /** The append took effect after this operation was begun. */
    void tookEffectAfter(int unit, Operation operation) {
        timeline.notBefore(first[unit], operation);
    }

    /** Whether the append can have taken effect after this operation was begun. */
    boolean canTakeEffectAfter(int unit, Operation operation) {
        return operation.invoked() <= timeline.latest(first[unit]);
    }

    /** The operation met one of these states of a single stream. */
    void metStream(States states, Operation operation) {
        if (states.lo() > 0) {
            timeline.notAfter(first[states.lo()], operation);
        }
        if (states.hi() < units.size()) {
            timeline.notBefore(last[states.hi() + 1], operation);
        }
    }

    /** The operation met one of these states of the log. */
    void metLog(States states, Operation operation) {
        if (states.lo() > 0) {
            timeline.notAfter(middle[states.lo()], operation);
        }
        if (states.hi() < units.size()) {
            timeline.notBefore(middle[states.hi() + 1], operation);
        }
    }

    /** Reports every two operations that cannot both be. */
    void judge(Violations violations) {
        for (Contradiction contradiction : timeline.contradictions()) {
            Operation late = contradiction.notBefore();
            Operation early = contradiction.notAfter();
            if (late.action() instanceof Action.ReadStream) {
                violations.add("R-04", "a read missed what was acknowledged or shown before it began", late, early);
            } else if (late.action() instanceof Action.ReadAll) {
                violations.add("G-06", "a read missed what was acknowledged or shown before it began", late, early);
            } else if (late.outcome() instanceof Outcome.Decided && !isWriter(late)) {
                violations.add("A-03", "a refusal was not true at any moment of the call", late, early);
            } else {
                violations.add(
                        "A-07",
                        "an append was begun after another was acknowledged or shown, but stands before it",
                        late,
                        early);
            }
        }
    }

    private static boolean isWriter(Operation operation) {
        return operation.outcome() instanceof Outcome.Decided decided
                && decided.outcome() instanceof AppendOutcome.Appended;
    }
}
