package dev.polylog.tck;

/** A rule was found broken that need not be the one that the running test is about. */
final class RuleBroken extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final String rule;

    RuleBroken(String rule, String message) {
        super(rule + ": " + message);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
