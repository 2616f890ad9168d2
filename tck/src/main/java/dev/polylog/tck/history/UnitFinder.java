package dev.polylog.tck.history;

import dev.polylog.AppendResult;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.tck.history.Units.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which append wrote which part of the final log. Confined to one thread.
 *
 * <ol>
 *   <li>Each acknowledged append claims the place that its result names; its events stand there, whole and one after
 *       another.
 *   <li>What nobody has claimed was written by an append whose outcome is unknown, whole as well (the longest one where
 *       several fit), or by others to streams that no recorded append writes.
 *   <li>Anything else should not be there.
 * </ol>
 */
final class UnitFinder {

    private final LogIndex log;
    private final List<Operation> operations;
    private final Violations violations;
    private final @Nullable Operation[] claims;
    private final Set<StreamId> written = new HashSet<>();
    private final Set<Action.Append> neverWritten = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<UUID, List<Operation>> unknown = new HashMap<>();
    private final Set<Operation> reported = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Suspects suspects;

    UnitFinder(LogIndex log, List<Operation> operations, Violations violations) {
        this.log = log;
        this.operations = operations;
        this.violations = violations;
        this.claims = new Operation[log.size()];
        this.suspects = new Suspects(operations);
    }

    Units find() {
        for (Operation operation : operations) {
            if (operation.action() instanceof Action.Resolve resolve
                    && operation.outcome() instanceof Outcome.Resolved resolved
                    && resolved.result().isEmpty()) {
                neverWritten.add(resolve.attempt());
            }
        }
        for (Operation operation : operations) {
            if (operation.action() instanceof Action.Append append) {
                append.writes().forEach(write -> written.add(write.stream()));
                note(operation, append);
            }
        }
        return cut();
    }

    private void note(Operation operation, Action.Append append) {
        if (operation.outcome() instanceof Outcome.Unknown && !neverWritten.contains(append)) {
            UUID first = append.writes().get(0).ids().get(0);
            unknown.merge(first, List.of(operation), UnitFinder::concat);
        } else if (operation.outcome() instanceof Outcome.Decided decided
                && decided.outcome() instanceof AppendOutcome.Appended appended
                && !appended.result().repeated()) {
            claim(operation, append, appended.result());
        }
    }

    private static List<Operation> concat(List<Operation> some, List<Operation> more) {
        List<Operation> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    private void claim(Operation operation, Action.Append append, AppendResult result) {
        if (!Results.fits(append, result)) {
            report(operation, "A-02", "the result does not name the streams and numbers of events that were appended");
            return;
        }
        int first =
                log.at(append.writes().get(0).stream(), result.streams().get(0).firstVersion());
        if (first == LogIndex.NONE || first < log.startIndex() || !log.standsAt(append, first)) {
            misplaced(operation, append, result, first);
            return;
        }
        Operation other = claims[first];
        if (other != null) {
            violations.add("I-01", "two appends of the same events both say that they wrote them", other, operation);
            return;
        }
        claims[first] = operation;
        Results.compare(log, operation, append, result, violations);
    }

    private void misplaced(Operation operation, Action.Append append, AppendResult result, int place) {
        int there = 0;
        boolean inRange = true;
        for (int i = 0; i < append.writes().size(); i++) {
            Action.Write write = append.writes().get(i);
            AppendResult.Written where = result.streams().get(i);
            for (UUID id : write.ids()) {
                int at = log.first(write.stream(), id);
                if (at != LogIndex.NONE) {
                    there++;
                    long version = log.entry(at).version();
                    inRange &= version >= where.firstVersion() && version <= where.lastVersion();
                }
            }
        }
        if (there == 0 && place != LogIndex.NONE) {
            report(operation, "A-04", "acknowledged, but the log holds " + log.entry(place) + " in its place");
        } else if (there == 0) {
            report(operation, "A-16", "acknowledged, but none of its events is in the log");
        } else if (there < append.size()) {
            report(operation, "A-01", "acknowledged, but only " + there + " of its events are in the log");
        } else if (inRange) {
            report(operation, "A-06", "its events do not stand one after another in the order given");
        } else {
            report(operation, "A-02", "its events do not stand at the versions that the result names");
        }
    }

    private void report(Operation operation, String rule, String what) {
        reported.add(operation);
        violations.add(rule, what, operation);
    }

    private Units cut() {
        Units units = new Units(log);
        int at = log.startIndex();
        while (at < log.size()) {
            Unit unit = unitAt(at);
            units.add(unit);
            for (int inside = at + 1; inside < at + unit.size(); inside++) {
                Operation other = claims[inside];
                if (other != null) {
                    violations.add(
                            "I-03",
                            "an event was acknowledged twice",
                            unit.writers().get(0),
                            other);
                }
            }
            at += unit.size();
        }
        return units;
    }

    private Unit unitAt(int at) {
        Operation claim = claims[at];
        if (claim != null) {
            return new Unit(at, ((Action.Append) claim.action()).size(), List.of(claim));
        }
        List<Operation> writers = List.of();
        int size = 1;
        for (Operation candidate : unknown.getOrDefault(log.entry(at).id(), List.of())) {
            Action.Append append = (Action.Append) candidate.action();
            if (append.size() >= size && log.standsAt(append, at) && isUnclaimed(at, append.size())) {
                writers = append.size() == size ? concat(writers, List.of(candidate)) : List.of(candidate);
                size = append.size();
            }
        }
        if (writers.isEmpty()) {
            unexpected(log.entry(at));
        }
        return new Unit(at, size, writers);
    }

    private boolean isUnclaimed(int from, int size) {
        for (int i = from; i < from + size; i++) {
            if (claims[i] != null) {
                return false;
            }
        }
        return true;
    }

    private void unexpected(LogEntry entry) {
        if (!written.contains(entry.stream())) {
            return;
        }
        List<Operation> attempts = suspects.of(entry);
        if (attempts.isEmpty()) {
            violations.add("A-05", "the log holds " + entry + ", which nobody appended");
        }
        for (Operation attempt : attempts) {
            if (reported.add(attempt)) {
                explain(entry, attempt);
            }
        }
    }

    private void explain(LogEntry entry, Operation attempt) {
        String stands = "the log holds " + entry + ", but its append ";
        if (attempt.outcome() instanceof Outcome.Decided decided) {
            if (decided.outcome() instanceof AppendOutcome.Conflict) {
                violations.add("A-03", stands + "was refused by a conflict", attempt);
            } else if (decided.outcome() instanceof AppendOutcome.Duplicate) {
                violations.add("I-03", stands + "was refused as a duplicate", attempt);
            } else {
                violations.add("I-01", stands + "was acknowledged for another place or another call", attempt);
            }
        } else if (neverWritten.contains((Action.Append) attempt.action())) {
            violations.add("A-05", stands + "was resolved as not written", attempt);
        } else if (attempt.outcome() instanceof Outcome.Unknown) {
            violations.add("A-01", stands + "is not there as a whole", attempt);
        } else {
            violations.add("A-05", stands + "failed", attempt);
        }
    }
}
