/**
 * Random sequences of commands, given to a store and in lock-step to the strict reference in memory that was told to
 * behave as the store declares. {@link dev.polylog.tck.commands.RandomCommands} is where to begin; a difference comes back
 * as a {@link dev.polylog.tck.commands.Counterexample}: the shortest sequence that it could be shrunk to, and the seed.
 */
@NullMarked
package dev.polylog.tck.commands;

import org.jspecify.annotations.NullMarked;
