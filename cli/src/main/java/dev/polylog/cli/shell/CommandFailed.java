package dev.polylog.cli.shell;

import org.jspecify.annotations.Nullable;

/** Thrown by commands to end with a message and an exit code; thread-safe. */
public final class CommandFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * Says what went wrong.
     *
     * @param exitCode one of {@link ExitCode}
     * @param message what was wrong, what was expected and what to do
     */
    public CommandFailed(int exitCode, String message) {
        this(exitCode, message, null);
    }

    /**
     * Says what went wrong, and because of what.
     *
     * @param exitCode one of {@link ExitCode}
     * @param message what was wrong, what was expected and what to do
     * @param cause shown by {@code --debug} only, or null
     */
    public CommandFailed(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /**
     * How the process ends.
     *
     * @return one of {@link ExitCode}
     */
    public int exitCode() {
        return exitCode;
    }
}
