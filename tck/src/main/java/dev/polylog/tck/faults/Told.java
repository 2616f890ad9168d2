package dev.polylog.tck.faults;

/** What the caller of an append knows in the end. */
public enum Told {
    /** The store acknowledged it. */
    APPENDED,
    /** The store refused it: nothing was written. */
    NOT_APPENDED,
    /** The outcome was unknown, and was resolved: it was written. */
    UNKNOWN_AND_APPENDED,
    /** The outcome was unknown, and was resolved: nothing was written, and nothing will be. */
    UNKNOWN_AND_NOT_APPENDED;

    /**
     * Whether the events are in the log if the caller was told the truth.
     *
     * @return true where they must be there, false where they must not
     */
    public boolean written() {
        return this == APPENDED || this == UNKNOWN_AND_APPENDED;
    }

    /**
     * Whether the outcome was unknown at first.
     *
     * @return true where the caller had to ask what became of it
     */
    public boolean doubted() {
        return this == UNKNOWN_AND_APPENDED || this == UNKNOWN_AND_NOT_APPENDED;
    }
}
