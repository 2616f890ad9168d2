package dev.polylog.tck.history;

/**
 * One call of one client: what it asked, what it was answered, and when.
 *
 * <p>Immutable and thread-safe.
 *
 * @param number its place in the record, for people
 * @param client who called
 * @param invoked a moment before the call began, in nanoseconds since the history began
 * @param completed a moment after the call returned; {@link #NEVER} where it is unknown or open when the call ends
 * @param action what was asked
 * @param outcome what was answered
 */
public record Operation(long number, String client, long invoked, long completed, Action action, Outcome outcome) {

    /** The completion of what may still take effect. */
    public static final long NEVER = Long.MAX_VALUE;

    @Override
    public String toString() {
        return "#" + number + " " + client + " [" + invoked + " ns, "
                + (completed == NEVER ? "open" : completed + " ns") + "] " + action + " -> " + outcome;
    }
}
