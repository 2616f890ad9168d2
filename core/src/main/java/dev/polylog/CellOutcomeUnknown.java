package dev.polylog;

import org.jspecify.annotations.Nullable;

/** The store cannot tell whether a cell was set; read the cell again to find out. */
public final class CellOutcomeUnknown extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message the cell's name and what happened
     * @param cause what the store's driver threw, or null
     */
    public CellOutcomeUnknown(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
