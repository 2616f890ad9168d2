/**
 * How events and reports look: tables for people, JSON for programs, CloudEvents for other systems.
 *
 * <p>{@link dev.polylog.cli.format.EventFormat} names the forms and makes the
 * {@link dev.polylog.cli.format.EventPrinter} that prints event after event while they are read;
 * {@link dev.polylog.cli.format.Report} prints what a command found out in all.
 */
@NullMarked
package dev.polylog.cli.format;

import org.jspecify.annotations.NullMarked;
