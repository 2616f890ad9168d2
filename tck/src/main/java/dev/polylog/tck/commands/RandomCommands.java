package dev.polylog.tck.commands;

import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.LogBackend;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Compares a store with the strict reference by random commands: appends with every kind of expectation, to one or more
 * streams, repeated and overlapping; reads of every kind, direction and page size; cells; reopening.
 *
 * <p>The kit calls it. Thread-safe. The log need not be empty; the sequences use names of their own. Answers are
 * compared but for the moment of recording; positions by their order. Where the store's traits leave an answer open (a
 * repeat or an overlap that it need not notice) the command is left out.
 */
public final class RandomCommands {

    private final Supplier<LogBackend> opener;
    private final BackendTraits traits;

    /**
     * Compares the store that the opener opens.
     *
     * @param opener opens one more handle on the same log
     * @param traits what the store declares, and the reference is to keep to
     */
    public RandomCommands(Supplier<LogBackend> opener, BackendTraits traits) {
        this.opener = opener;
        this.traits = traits;
    }

    /**
     * Runs sequences until one shows a difference, which is then shrunk.
     *
     * @param seed makes the first sequence; the others follow from it
     * @param sequences how many sequences
     * @param length how many commands a sequence
     * @return the difference, or empty if there was none
     */
    public Optional<Counterexample> search(long seed, int sequences, int length) {
        SplittableRandom seeds = new SplittableRandom(seed);
        long next = seed;
        for (int i = 0; i < sequences; i++) {
            List<Command> commands = generate(next, length);
            Optional<LockStep.Difference> difference = run(commands);
            if (difference.isPresent()) {
                return Optional.of(shrink(next, commands, difference.get()));
            }
            next = seeds.nextLong();
        }
        return Optional.empty();
    }

    /**
     * The sequence that a seed makes.
     *
     * @param seed the seed
     * @param length how many commands
     * @return the commands; always the same for the same seed, length and traits
     */
    public List<Command> generate(long seed, int length) {
        return new CommandGenerator(new SplittableRandom(seed), traits).generate(length);
    }

    private Optional<LockStep.Difference> run(List<Command> commands) {
        try (LockStep lockStep = new LockStep(opener, traits)) {
            return lockStep.run(commands);
        }
    }

    private Counterexample shrink(long seed, List<Command> commands, LockStep.Difference first) {
        List<Command> failing = commands.subList(0, first.index() + 1);
        List<Command> least =
                Shrinker.shrink(failing, candidate -> run(candidate).isPresent());
        String what = run(least).map(LockStep.Difference::what).orElse(first.what());
        return new Counterexample(seed, least, what);
    }
}
