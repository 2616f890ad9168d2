package dev.polylog;

import org.jspecify.annotations.Nullable;

/** A stored event cannot be read back as it was written; reads stop there and never skip it. */
public final class CorruptEvent extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what happened.
     *
     * @param message the position or stream and version, and what is wrong with the record
     * @param cause what the store's driver threw, or null
     */
    public CorruptEvent(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
