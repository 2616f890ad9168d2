/**
 * What surrounds every command: the streams and the terminal that it talks to, interruption, progress, and the one place
 * that turns failures into messages and exit codes.
 *
 * <p>Nothing here knows any command. {@link dev.polylog.cli.shell.Shell} is handed to all of them, so that tests run
 * commands in this process with streams of their own.
 */
@NullMarked
package dev.polylog.cli.shell;

import org.jspecify.annotations.NullMarked;
