package dev.polylog.spi.support;

import org.jspecify.annotations.Nullable;

/**
 * A backend answered a call in a way that the specification does not allow; {@link CheckedBackend} throws it.
 *
 * <p>An error in the backend, not in the application or the store: there is nothing to retry.
 */
public final class BackendContractViolation extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * Says what is wrong.
     *
     * @param rule the id of the rule that is broken, for example {@code A-03}
     * @param what what the backend did, and what was expected
     * @param cause what the backend threw, or null
     */
    public BackendContractViolation(String rule, String what, @Nullable Throwable cause) {
        super(rule + " is broken by the backend: " + what, cause);
        this.rule = rule;
    }

    /**
     * The rule that is broken.
     *
     * @return its id
     */
    public String rule() {
        return rule;
    }

    static void require(boolean holds, String rule, String format, @Nullable Object... arguments) {
        if (!holds) {
            throw new BackendContractViolation(rule, String.format(format, arguments), null);
        }
    }
}
