package dev.polylog.tck.history;

import java.util.ArrayList;
import java.util.List;

/** Collects violations, up to a number that a person can read. Confined to one thread. */
final class Violations {

    private static final int MOST = 50;

    private final List<Violation> found = new ArrayList<>();

    void add(String rule, String what, Operation... operations) {
        if (found.size() < MOST) {
            found.add(Violation.of(rule, what, operations));
        }
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<Violation> asList() {
        return List.copyOf(found);
    }
}
