package dev.polylog.tck.history;

import dev.polylog.Payload;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges the use of one cell (rules K-01, K-02): its revisions, those that calls name, happened one after another.
 * Confined to one thread.
 *
 * <p>A revision that nobody was told to have set was there before the history began, if no set of an earlier revision is
 * known, or comes from a set with unknown outcome.
 */
final class CellJudge {

    private final List<Operation> operations;
    private final Violations violations;
    private final TreeMap<Long, Integer> points = new TreeMap<>();
    private final Map<Long, Operation> setters = new HashMap<>();
    private final Map<Long, Operation> overwriters = new HashMap<>();

    private CellJudge(List<Operation> operations, Violations violations) {
        this.operations = operations;
        this.violations = violations;
    }

    /** Judges all cells that occur. */
    static void judge(List<Operation> operations, Violations violations) {
        Map<String, List<Operation>> byName = new HashMap<>();
        for (Operation operation : operations) {
            String name = name(operation.action());
            if (name != null) {
                byName.computeIfAbsent(name, key -> new ArrayList<>()).add(operation);
            }
        }
        byName.values().forEach(cell -> new CellJudge(cell, violations).judge());
    }

    private static @Nullable String name(Action action) {
        if (action instanceof Action.ReadCell read) {
            return read.name();
        }
        return action instanceof Action.SetCell set ? set.name() : null;
    }

    private void judge() {
        points.put(0L, 0);
        operations.forEach(this::collect);
        int point = 0;
        for (Map.Entry<Long, Integer> entry : points.entrySet()) {
            entry.setValue(point++);
        }
        Timeline timeline = new Timeline(point);
        operations.forEach(operation -> constrain(operation, timeline));
        timeline.contradictions()
                .forEach(found -> violations.add(
                        "K-02",
                        "a call missed a revision that was acknowledged or shown before it began",
                        found.notBefore(),
                        found.notAfter()));
    }

    private void collect(Operation operation) {
        Outcome outcome = operation.outcome();
        if (outcome instanceof Outcome.CellSeen seen) {
            seen.cell().ifPresent(cell -> points.put(cell.revision(), 0));
        } else if (outcome instanceof Outcome.CellDecided decided) {
            if (decided.outcome() instanceof SetOutcome.Mismatch mismatch) {
                points.put(mismatch.actualRevision(), 0);
            } else if (decided.outcome() instanceof SetOutcome.Done done) {
                collectSet(operation, (Action.SetCell) operation.action(), done);
            }
        }
    }

    private void collectSet(Operation operation, Action.SetCell set, SetOutcome.Done done) {
        points.put(done.revision(), 0);
        points.put(set.expectedRevision(), 0);
        Operation other = setters.put(done.revision(), operation);
        Operation rival = overwriters.put(set.expectedRevision(), operation);
        Operation either = other == null ? rival : other;
        if (either != null) {
            violations.add("K-01", "two sets of the same revision were both done", either, operation);
        }
        if (done.revision() <= set.expectedRevision()) {
            violations.add("K-01", "the revision did not grow", operation);
        }
    }

    private void constrain(Operation operation, Timeline timeline) {
        Outcome outcome = operation.outcome();
        if (outcome instanceof Outcome.CellSeen seen) {
            long revision = seen.cell().map(Cell::revision).orElse(0L);
            met(operation, revision, timeline);
            checkValue(operation, revision, seen.cell().map(Cell::value));
        } else if (outcome instanceof Outcome.CellDecided decided) {
            Action.SetCell set = (Action.SetCell) operation.action();
            if (decided.outcome() instanceof SetOutcome.Mismatch mismatch) {
                if (mismatch.actualRevision() == set.expectedRevision()) {
                    violations.add("K-01", "refused although the revision is the expected one", operation);
                }
                met(operation, mismatch.actualRevision(), timeline);
            } else if (decided.outcome() instanceof SetOutcome.Done done) {
                done(operation, set, done, timeline);
            }
        }
    }

    private void done(Operation operation, Action.SetCell set, SetOutcome.Done done, Timeline timeline) {
        Integer point = points.getOrDefault(done.revision(), 0);
        timeline.notBefore(point, operation);
        timeline.notAfter(point, operation);
        Long before = points.lowerKey(done.revision());
        if (before != null && before != set.expectedRevision()) {
            violations.add("K-01", "done although the cell had revision " + before, operation);
        }
    }

    private void met(Operation operation, long revision, Timeline timeline) {
        timeline.notAfter(points.getOrDefault(revision, 0), operation);
        Map.Entry<Long, Integer> next = points.higherEntry(revision);
        if (next != null) {
            timeline.notBefore(next.getValue(), operation);
        }
    }

    private void checkValue(Operation operation, long revision, Optional<Payload> value) {
        Operation setter = setters.get(revision);
        if (setter != null) {
            Payload set = ((Action.SetCell) setter.action()).value();
            if (value.filter(set::equals).isEmpty()) {
                violations.add("K-04", "showed another value than was set", setter, operation);
            }
        } else if (revision > 0 && !canHaveBeen(revision, value)) {
            violations.add("K-01", "showed a revision that nobody set", operation);
        }
    }

    /** Whether the revision was there before, or may come from a set whose outcome is unknown. */
    private boolean canHaveBeen(long revision, Optional<Payload> value) {
        boolean before = setters.keySet().stream().allMatch(known -> known > revision);
        return before
                || operations.stream()
                        .anyMatch(operation -> operation.outcome() instanceof Outcome.Unknown
                                && operation.action() instanceof Action.SetCell set
                                && value.filter(set.value()::equals).isPresent());
    }
}
