package dev.polylog.tck.commands;

import dev.polylog.Direction;
import dev.polylog.spi.BackendTraits;
import dev.polylog.tck.commands.Command.Append;
import dev.polylog.tck.commands.Command.Expected;
import dev.polylog.tck.commands.Command.Part;
import dev.polylog.tck.commands.Command.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes sequences of commands within what a store declares. Confined to one thread. */
final class CommandGenerator {

    static final int STREAMS = 4;
    static final int CELLS = 2;

    private final SplittableRandom random;
    private final BackendTraits traits;
    private final List<Append> made = new ArrayList<>();
    private int events;

    CommandGenerator(SplittableRandom random, BackendTraits traits) {
        this.random = random;
        this.traits = traits;
    }

    List<Command> generate(int length) {
        List<Command> commands = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            commands.add(next());
        }
        return commands;
    }

    private Command next() {
        int kind = random.nextInt(100);
        if (kind < 45) {
            Append append = append();
            made.add(append);
            return append;
        }
        if (kind < 57 && !made.isEmpty()) {
            return new Command.Again(made.get(random.nextInt(made.size())));
        }
        if (kind < 72) {
            return new Command.ReadStream(stream(), direction(), from(), pageSize());
        }
        if (kind < 88) {
            int bound = random.nextInt(4) == 0 ? -1 : random.nextInt(events + 2);
            Direction direction = bound < 0 ? Direction.BACKWARDS : direction();
            return new Command.ReadAll(direction, bound, one(Selection.values()), pageSize());
        }
        if (kind < 94) {
            int expected = random.nextInt(3) == 0 ? random.nextInt(3) - 1 : 0;
            return new Command.SetCell(random.nextInt(CELLS), expected, random.nextInt(1_000));
        }
        return kind < 98 ? new Command.GetCell(random.nextInt(CELLS)) : new Command.Reopen();
    }

    private Append append() {
        List<Part> parts = new ArrayList<>();
        int first = stream();
        parts.add(new Part(first, expected(), eventNumbers()));
        boolean several = traits.limits().maxStreamsPerAppend() > 1;
        boolean looksOn = traits.unwrittenExpectations() && traits.limits().maxStreamsPerAppend() > 1;
        if (random.nextInt(4) == 0 && (several || looksOn)) {
            int second = (first + 1 + random.nextInt(STREAMS - 1)) % STREAMS;
            boolean writes = several && (!looksOn || random.nextBoolean());
            parts.add(random.nextInt(2), new Part(second, expected(), writes ? eventNumbers() : List.of()));
        }
        return new Append(parts);
    }

    /** New events, now and then one among them that was appended before. */
    private List<Integer> eventNumbers() {
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1 + random.nextInt(2);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean old = events > 0 && random.nextInt(12) == 0;
            int number = old ? random.nextInt(events) : events++;
            if (!numbers.contains(number)) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private Expected expected() {
        return random.nextInt(2) == 0 ? Expected.CURRENT : one(Expected.values());
    }

    private <T> T one(T[] choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int stream() {
        return random.nextInt(random.nextInt(STREAMS) + 1);
    }

    private Direction direction() {
        return random.nextBoolean() ? Direction.FORWARDS : Direction.BACKWARDS;
    }

    private long from() {
        return random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(12);
    }

    private int pageSize() {
        return random.nextInt(3) == 0 ? 1_000 : 1 + random.nextInt(5);
    }
}
