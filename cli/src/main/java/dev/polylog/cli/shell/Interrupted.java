package dev.polylog.cli.shell;

/** The user asked the command to end before it was done; the message says what was done. */
public final class Interrupted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says how far the command got.
     *
     * @param message what was done and how to go on; empty where there is nothing to say
     */
    public Interrupted(String message) {
        super(message);
    }
}
