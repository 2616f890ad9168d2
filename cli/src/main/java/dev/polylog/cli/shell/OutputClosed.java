package dev.polylog.cli.shell;

import java.io.IOException;

/** Whoever read the standard output has gone, as in {@code polylog read --all | head}: the command ends quietly. */
public final class OutputClosed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Says that nobody reads any more.
     *
     * @param cause what the write failed with
     */
    public OutputClosed(IOException cause) {
        super("nobody reads the output any more", cause);
    }
}
