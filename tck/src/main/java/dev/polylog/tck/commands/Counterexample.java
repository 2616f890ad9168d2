package dev.polylog.tck.commands;

import java.util.List;

/**
 * A sequence of commands that a store answers otherwise than the reference.
 *
 * <p>Immutable and thread-safe.
 *
 * @param seed makes the sequence again, before it was shrunk
 * @param commands what is left of the sequence: without any one of them there is no difference
 * @param difference what the last command was answered, and what it should have been
 */
public record Counterexample(long seed, List<Command> commands, String difference) {

    /** Copies the list. */
    public Counterexample {
        commands = List.copyOf(commands);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("seed " + seed + ": after these commands");
        for (int i = 0; i < commands.size(); i++) {
            text.append("\n  ").append(i + 1).append(". ").append(commands.get(i));
        }
        return text.append("\n").append(difference).toString();
    }
}
