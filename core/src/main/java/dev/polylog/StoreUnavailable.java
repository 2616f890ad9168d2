package dev.polylog;

import org.jspecify.annotations.Nullable;

/** The store cannot be reached or is too busy; if the call was a write, nothing was written (rules A-05, L-04). */
public final class StoreUnavailable extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message the store's address without secrets, the cause, and what to do
     * @param cause what the store's driver threw, or null
     */
    public StoreUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
