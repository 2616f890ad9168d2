package dev.polylog;

/** The store's traits do not declare the power that a call asks for; nothing was written (rules ). */
public final class UnsupportedByStore extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what the store cannot do.
     *
     * @param message the power, the trait that denies it, and what to do instead
     */
    public UnsupportedByStore(String message) {
        super(message, null);
    }
}
