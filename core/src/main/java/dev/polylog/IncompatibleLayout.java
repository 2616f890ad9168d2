package dev.polylog;

import org.jspecify.annotations.Nullable;

/** What was found at the store's address cannot be used: a newer layout, foreign tables, or settings that break a promise (rules L-01, A-16). */
public final class IncompatibleLayout extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message what was found, what was expected and what to do
     * @param cause what the store's driver threw, or null
     */
    public IncompatibleLayout(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
