package dev.polylog.tck.history;

import java.util.List;

/**
 * Something that no store that keeps the rules can have answered.
 *
 * <p>Immutable and thread-safe.
 *
 * @param rule the id of the broken rule, for example {@code A-07}
 * @param what what is wrong, one sentence
 * @param operations the calls that contradict each other or the log; empty where the log contradicts itself
 */
public record Violation(String rule, String what, List<Operation> operations) {

    /** Copies the list. */
    public Violation {
        operations = List.copyOf(operations);
    }

    static Violation of(String rule, String what, Operation... operations) {
        return new Violation(rule, what, List.of(operations));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(rule).append(": ").append(what);
        operations.forEach(operation -> text.append("\n    ").append(operation));
        return text.toString();
    }
}
