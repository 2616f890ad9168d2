/** Parts of commands that have more cases than a command line should be run for. */
@NullMarked
package dev.polylog.cli.command;

import org.jspecify.annotations.NullMarked;
