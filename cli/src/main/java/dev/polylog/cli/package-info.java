/**
 * The {@code polylog} command: {@link dev.polylog.cli.Main} puts the commands of {@code dev.polylog.cli.command}
 * together and runs one.
 */
@NullMarked
package dev.polylog.cli;

import org.jspecify.annotations.NullMarked;
