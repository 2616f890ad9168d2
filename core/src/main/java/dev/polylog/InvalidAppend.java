package dev.polylog;

import java.util.List;

/** An append that no store is asked to do, because of what it contains; nothing was written (rules, I-04). */
public final class InvalidAppend extends PolylogException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /**
     * Lists everything that is wrong.
     *
     * @param problems one sentence each: what is wrong and what was expected
     */
    public InvalidAppend(List<String> problems) {
        super("invalid append, nothing was written: " + String.join("; ", problems), null);
        this.problems = List.copyOf(problems);
    }

    /**
     * Everything that is wrong.
     *
     * @return one sentence for each problem
     */
    public List<String> problems() {
        return problems;
    }
}
