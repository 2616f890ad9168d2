package dev.polylog;

/**
 * A checkpoint does not fit the log: another log, another epoch, another event at its position, or a head before it
 * (rule S-10). The subscription has stopped; nothing was delivered past the checkpoint.
 */
public final class LogDiverged extends PolylogException {

    private static final long serialVersionUID = 1L;

    /**
     * Says what differs.
     *
     * @param message the checkpoint, what the log has instead, and what to do
     */
    public LogDiverged(String message) {
        super(message, null);
    }
}
