package dev.polylog.tck.history;

import dev.polylog.tck.history.AppendJudge.Refusal;
import dev.polylog.tck.history.Units.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds, for each append of the log whose writer was not told so, a call that can have written it: one call for each
 * place (rules A-05, I-05). Confined to one thread; to be used when all else that bounds the moments is known.
 */
final class UnknownAppends {

    private final Units units;
    private final Order order;
    private final AppendJudge appends;
    private final Violations violations;

    UnknownAppends(Units units, Order order, AppendJudge appends, Violations violations) {
        this.units = units;
        this.order = order;
        this.appends = appends;
        this.violations = violations;
    }

    void judge() {
        Map<UUID, List<Integer>> places = new LinkedHashMap<>();
        for (int number = 1; number <= units.size(); number++) {
            Unit unit = units.unit(number);
            if (!unit.acknowledged() && !unit.writers().isEmpty()) {
                UUID first = firstId(unit.writers().get(0));
                places.computeIfAbsent(first, key -> new ArrayList<>()).add(number);
            }
        }
        places.values().forEach(this::assign);
    }

    private static UUID firstId(Operation operation) {
        return ((Action.Append) operation.action()).writes().get(0).ids().get(0);
    }

    private void assign(List<Integer> places) {
        Map<Integer, List<Operation>> candidates = new HashMap<>();
        for (int place : places) {
            candidates.put(place, allowed(place));
        }
        if (candidates.values().stream().noneMatch(List::isEmpty)) {
            Matching matching = new Matching(candidates);
            for (int place : places) {
                if (!matching.assign(place, newSet())) {
                    contradiction(places, place, candidates.getOrDefault(place, List.of()));
                }
            }
        }
    }

    private static Set<Operation> newSet() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private List<Operation> allowed(int place) {
        List<Operation> allowed = new ArrayList<>();
        Refusal refusal = null;
        List<Operation> writers = units.unit(place).writers();
        for (Operation writer : writers) {
            Refusal reason = appends.refusal((Action.Append) writer.action(), place);
            if (reason == null) {
                allowed.add(writer);
            } else {
                refusal = reason;
            }
        }
        if (allowed.isEmpty() && refusal != null) {
            violations.add(refusal.rule(), refusal.what(), writers.get(0));
        }
        return allowed;
    }

    /** One call for each place, by augmenting paths: a call that another place has is taken if that finds another. */
    private final class Matching {

        private final Map<Integer, List<Operation>> candidates;
        private final IdentityHashMap<Operation, Integer> taken = new IdentityHashMap<>();

        Matching(Map<Integer, List<Operation>> candidates) {
            this.candidates = candidates;
        }

        boolean assign(int place, Set<Operation> tried) {
            for (Operation writer : candidates.getOrDefault(place, List.of())) {
                if (order.canTakeEffectAfter(place, writer) && tried.add(writer)) {
                    Integer other = taken.get(writer);
                    if (other == null || assign(other, tried)) {
                        taken.put(writer, place);
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private void contradiction(List<Integer> places, int place, List<Operation> allowed) {
        if (places.size() == 1) {
            order.tookEffectAfter(place, Collections.min(allowed, Comparator.comparingLong(Operation::invoked)));
        } else {
            violations.add("I-05", "it stands in the log more often than calls can have written it", allowed.get(0));
        }
    }
}
