package dev.polylog.servers;

/**
 * A test server could not be started, controlled or ended.
 *
 * <p>The message says what was wrong, what was expected and, where that helps, which property to set or the last lines
 * of the server's log.
 */
public final class ServerFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * A failure without a cause.
     *
     * @param message what was wrong and what to do
     */
    public ServerFailure(String message) {
        super(message);
    }

    /**
     * A failure with its cause.
     *
     * @param message what was wrong and what to do
     * @param cause what happened below
     */
    public ServerFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
