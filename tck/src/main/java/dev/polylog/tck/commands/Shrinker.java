package dev.polylog.tck.commands;

import dev.polylog.Direction;
import dev.polylog.tck.commands.Command.Append;
import dev.polylog.tck.commands.Command.Expected;
import dev.polylog.tck.commands.Command.Part;
import dev.polylog.tck.commands.Command.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing sequence smaller: first it takes out chunks, halving them down to single commands, then it makes the
 * commands that are left simpler, until nothing more helps. Stateless.
 */
final class Shrinker {

    private Shrinker() {}

    static List<Command> shrink(List<Command> failing, Predicate<List<Command>> fails) {
        List<Command> least = List.copyOf(failing);
        List<Command> before;
        do {
            before = least;
            for (int chunk = Math.max(1, least.size() / 2); chunk >= 1; chunk /= 2) {
                least = takeOut(least, chunk, fails);
            }
            least = simplify(least, fails);
        } while (!least.equals(before));
        return least;
    }

    private static List<Command> takeOut(List<Command> commands, int chunk, Predicate<List<Command>> fails) {
        List<Command> left = commands;
        for (int end = left.size(); end > 0; end -= chunk) {
            int from = Math.max(0, Math.min(end, left.size()) - chunk);
            int to = Math.min(end, left.size());
            List<Command> candidate = new ArrayList<>(left.subList(0, from));
            candidate.addAll(left.subList(to, left.size()));
            if (!candidate.isEmpty() && fails.test(candidate)) {
                left = candidate;
            }
        }
        return left;
    }

    private static List<Command> simplify(List<Command> commands, Predicate<List<Command>> fails) {
        List<Command> left = new ArrayList<>(commands);
        for (int i = 0; i < left.size(); i++) {
            for (Command simpler : simpler(left.get(i))) {
                List<Command> candidate = replace(left, left.get(i), simpler);
                if (fails.test(candidate)) {
                    left = candidate;
                    break;
                }
            }
        }
        return left;
    }

    /** Replaces a command everywhere, also where it is given again, so that repeats stay repeats. */
    private static List<Command> replace(List<Command> commands, Command old, Command simpler) {
        List<Command> replaced = new ArrayList<>(commands.size());
        for (Command command : commands) {
            if (command.equals(old)) {
                replaced.add(simpler);
            } else if (command instanceof Command.Again again
                    && again.append().equals(old)
                    && simpler instanceof Append append) {
                replaced.add(new Command.Again(append));
            } else {
                replaced.add(command);
            }
        }
        return replaced;
    }

    private static List<Command> simpler(Command command) {
        List<Command> simpler = new ArrayList<>();
        if (command instanceof Append append) {
            simplerAppends(append, simpler);
        } else if (command instanceof Command.Again again) {
            simpler.add(again.append());
        } else if (command instanceof Command.ReadAll read) {
            int whole = read.direction() == Direction.FORWARDS ? 0 : -1;
            simpler.add(new Command.ReadAll(read.direction(), whole, Selection.ALL, 1_000));
            simpler.add(new Command.ReadAll(read.direction(), whole, read.selection(), 1_000));
            simpler.add(new Command.ReadAll(read.direction(), read.bound(), Selection.ALL, 1_000));
            simpler.add(new Command.ReadAll(read.direction(), read.bound(), Selection.ALL, read.pageSize()));
            simpler.add(new Command.ReadAll(read.direction(), read.bound(), read.selection(), 1_000));
        } else if (command instanceof Command.ReadStream read) {
            simpler.add(new Command.ReadStream(read.stream(), read.direction(), 1, 1_000));
            simpler.add(new Command.ReadStream(read.stream(), read.direction(), read.from(), 1_000));
        }
        simpler.removeIf(command::equals);
        return simpler;
    }

    private static void simplerAppends(Append append, List<Command> simpler) {
        List<Part> parts = append.parts();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            List<Part> others = new ArrayList<>(parts);
            others.remove(i);
            if (others.stream().anyMatch(other -> !other.events().isEmpty())) {
                simpler.add(new Append(others));
            }
            if (part.events().size() > 1) {
                int last = part.events().size() - 1;
                simpler.add(with(
                        parts,
                        i,
                        new Part(part.stream(), part.expected(), part.events().subList(0, 1))));
                simpler.add(with(
                        parts,
                        i,
                        new Part(part.stream(), part.expected(), part.events().subList(1, last + 1))));
                simpler.add(with(
                        parts,
                        i,
                        new Part(part.stream(), part.expected(), part.events().subList(0, last))));
            }
            simpler.add(with(parts, i, new Part(part.stream(), Expected.ANY, part.events())));
        }
    }

    private static Append with(List<Part> parts, int index, Part part) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(index, part);
        return new Append(changed);
    }
}
