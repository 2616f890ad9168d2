package dev.polylog;

/** The store was closed before the call, or while it waited; a write that waited wrote nothing (rule L-03). */
public final class StoreClosed extends PolylogException {

    private static final long serialVersionUID = 1L;

    /** Says that the store is closed. */
    public StoreClosed() {
        super("the store is closed; open it again to go on", null);
    }
}
