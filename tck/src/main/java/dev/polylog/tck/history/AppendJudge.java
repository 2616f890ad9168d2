package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.tck.history.Units.States;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Judges the answers to appends: in which states of the log each could be given. Confined to one thread.
 */
final class AppendJudge {

    private final LogIndex log;
    private final Units units;
    private final Repeats repeats;
    private final Order order;
    private final Violations violations;
    private final boolean wholeStream;

    AppendJudge(LogIndex log, Units units, Order order, BackendTraits traits, Violations violations) {
        this.log = log;
        this.units = units;
        this.order = order;
        this.violations = violations;
        this.repeats = new Repeats(log, units, traits.repeatWindow());
        this.wholeStream = traits.duplicateDetection() == DuplicateDetection.WHOLE_STREAM;
    }

    /** Judges every append of the log that was acknowledged: could it be written where it stands? */
    void judgeWritten() {
        for (int number = 1; number <= units.size(); number++) {
            Units.Unit unit = units.unit(number);
            if (unit.acknowledged()) {
                Operation writer = unit.writers().get(0);
                Refusal refusal = refusal((Action.Append) writer.action(), number);
                if (refusal == null) {
                    order.tookEffect(number, writer);
                } else {
                    violations.add(refusal.rule(), refusal.what(), writer);
                }
            }
        }
    }

    /** Why an append should have been refused. */
    record Refusal(String rule, String what) {}

    /** Why an append could not be written as this one of the log; null if it could. */
    @Nullable
    Refusal refusal(Action.Append append, int number) {
        int before = number - 1;
        for (Map.Entry<StreamId, ExpectedVersion> entry : append.expectations().entrySet()) {
            long version = units.version(entry.getKey(), before);
            if (!entry.getValue().holdsFor(version)) {
                return new Refusal(
                        "A-03", "written although " + entry.getKey() + " had version " + version + " at that moment");
            }
        }
        if (repeats.demandedIn(append, before)) {
            return new Refusal("I-02", "written again although it repeats an earlier append");
        }
        int held = wholeStream ? firstHeldAnywhere(append) : number;
        return held < number ? new Refusal("I-03", "written although its stream held one of its events already") : null;
    }

    /** Judges the answer to an append that wrote nothing now. */
    void judge(Operation operation, Action.Append append, AppendOutcome outcome) {
        if (outcome instanceof AppendOutcome.Conflict conflict) {
            judge(operation, append, conflict);
        } else if (outcome instanceof AppendOutcome.Duplicate duplicate) {
            judge(operation, append, duplicate);
        } else if (outcome instanceof AppendOutcome.Appended appended
                && appended.result().repeated()) {
            judgeRepeat(operation, append, appended.result(), "I-01");
        }
    }

    /** Judges an answer that says where events stand that were written before. */
    void judgeRepeat(Operation operation, Action.Append append, AppendResult result, String rule) {
        if (!Results.fits(append, result)) {
            violations.add(rule, "the result does not name the streams and numbers of events", operation);
            return;
        }
        int written = 0;
        for (int i = 0; i < append.writes().size(); i++) {
            AppendResult.Written where = result.streams().get(i);
            if (!log.standsAt(append.writes().get(i), where.firstVersion())) {
                violations.add(rule, "the events do not stand at the versions that the result names", operation);
                return;
            }
            written = Math.max(written, units.of(log.at(where.stream(), where.lastVersion())));
        }
        Results.compare(log, operation, append, result, violations);
        order.metLog(units.all().atLeast(written), operation);
    }

    private void judge(Operation operation, Action.Append append, AppendOutcome.Conflict conflict) {
        ExpectedVersion expected = append.expectations().get(conflict.stream());
        if (expected == null || !expected.equals(conflict.expected()) || expected.holdsFor(conflict.actual())) {
            violations.add("A-03", "reports a conflict with an expectation that was not made or that holds", operation);
            return;
        }
        States states = units.withVersion(conflict.stream(), conflict.actual());
        if (states.isEmpty()) {
            violations.add("A-03", "reports version " + conflict.actual() + ", which the stream never had", operation);
            return;
        }
        States undemanded = repeats.without(append, states);
        if (undemanded.isEmpty()) {
            violations.add("I-06", "an exact repeat was answered with a conflict", operation);
            return;
        }
        States allowed = undemanded.atMost(firstHeld(append) - 1);
        if (allowed.isEmpty()) {
            violations.add("I-03", "a conflict was reported although the stream held one of the events", operation);
            return;
        }
        order.metStream(allowed, operation);
    }

    private void judge(Operation operation, Action.Append append, AppendOutcome.Duplicate duplicate) {
        boolean appended = append.writes().stream()
                .anyMatch(write ->
                        write.stream().equals(duplicate.stream()) && write.ids().contains(duplicate.eventId()));
        int held = log.first(duplicate.stream(), duplicate.eventId());
        if (!appended || held == LogIndex.NONE) {
            violations.add("I-03", "reports a duplicate of an event that was not appended or is not there", operation);
            return;
        }
        States states = repeats.without(append, units.all().atLeast(units.of(held)));
        if (states.isEmpty()) {
            violations.add("I-01", "an exact repeat was refused as a duplicate", operation);
            return;
        }
        order.metStream(states, operation);
    }

    /** The first state in which the declared detection would have found one of the events; beyond the last if never. */
    private int firstHeld(Action.Append append) {
        int first = wholeStream ? firstHeldAnywhere(append) : units.size() + 1;
        for (Action.Write write : append.writes()) {
            long version = Repeats.exactVersion(append, write);
            for (int i = 0; version >= 0 && i < write.ids().size(); i++) {
                int at = log.at(write.stream(), version + 1 + i);
                if (at != LogIndex.NONE && write.ids().contains(log.entry(at).id())) {
                    first = Math.min(first, units.of(at));
                }
            }
        }
        return first;
    }

    private int firstHeldAnywhere(Action.Append append) {
        int first = units.size() + 1;
        for (Action.Write write : append.writes()) {
            for (UUID id : write.ids()) {
                int at = log.first(write.stream(), id);
                first = at == LogIndex.NONE ? first : Math.min(first, units.of(at));
            }
        }
        return first;
    }
}
