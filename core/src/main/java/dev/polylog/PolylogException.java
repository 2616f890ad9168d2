package dev.polylog;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that an event store throws on purpose. All are unchecked; each leaf carries what it is about.
 *
 * <p>Except for {@link AppendOutcomeUnknown} and {@link CellOutcomeUnknown}, a failed write wrote nothing (rule A-05).
 */
public abstract class PolylogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * For the leaves.
     *
     * @param message what was wrong, what was expected and what to do; never a secret or a payload
     * @param cause what the store's driver threw, or null
     */
    protected PolylogException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
