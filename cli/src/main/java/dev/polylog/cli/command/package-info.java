/**
 * One class a command, and the options that several share.
 *
 * <p>Commands parse nothing and print through {@code dev.polylog.cli.format}; they throw, and
 * {@link dev.polylog.cli.shell.Failures} says what that means. Data goes to standard output, everything else to standard
 * error.
 */
@NullMarked
package dev.polylog.cli.command;

import org.jspecify.annotations.NullMarked;
