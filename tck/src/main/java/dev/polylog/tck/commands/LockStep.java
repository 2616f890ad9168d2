package dev.polylog.tck.commands;

import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.memory.MemoryBackend;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.Durability;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.commands.Command.Selection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Runs a sequence on a store and on the reference, command by command, and compares the answers. For one thread. */
final class LockStep implements AutoCloseable {

    /** The first command that was answered otherwise. */
    record Difference(int index, String what) {}

    private final Supplier<LogBackend> opener;
    private final BackendTraits traits;
    private final String prefix = "x" + UUID.randomUUID().toString().replace("-", "");
    private final Side tested;
    private final Side reference;
    private final Commands commands;
    private final Map<Command.Append, AppendCommand> given = new HashMap<>();

    LockStep(Supplier<LogBackend> opener, BackendTraits traits) {
        this.opener = opener;
        this.traits = traits;
        this.tested = new Side(opener.get(), prefix);
        this.reference = new Side(MemoryBackend.builder().traits(traits).open(), prefix);
        this.commands = new Commands(prefix, reference, traits);
    }

    Optional<Difference> run(List<Command> sequence) {
        for (int i = 0; i < sequence.size(); i++) {
            Optional<String> difference = run(sequence.get(i));
            if (difference.isPresent()) {
                return Optional.of(new Difference(i, difference.get()));
            }
        }
        return compare(side -> contents(side.log()))
                .map(what -> new Difference(sequence.size() - 1, "in the end " + what));
    }

    private Optional<String> run(Command command) {
        if (command instanceof Command.Append append) {
            return append(given.computeIfAbsent(append, commands::resolve));
        }
        if (command instanceof Command.Again again) {
            return append(given.computeIfAbsent(again.append(), commands::resolve));
        }
        if (command instanceof Command.ReadStream read) {
            StreamId stream = commands.stream(read.stream());
            return compare(side -> contents(side.stream(stream, read.direction(), read.from(), read.pageSize()))
                    + " of version " + side.version(stream));
        }
        if (command instanceof Command.ReadAll read) {
            Filter filter = filter(read.selection());
            return compare(
                    side -> contents(side.log(read.direction(), side.bound(read.bound()), filter, read.pageSize())));
        }
        if (command instanceof Command.SetCell set) {
            return setCell(set);
        }
        if (command instanceof Command.GetCell get) {
            return compare(side -> side.backend().cells().get(cell(get.cell())));
        }
        return reopen();
    }

    private Optional<String> append(AppendCommand command) {
        return commands.isOpen(command) ? Optional.empty() : compare(side -> outcome(side, command));
    }

    /** The outcome, with the place of the position instead of the position itself. */
    private static Object outcome(Side side, AppendCommand command) {
        AppendOutcome outcome = side.backend().append(command);
        if (!(outcome instanceof AppendOutcome.Appended appended)) {
            return outcome;
        }
        long place = side.log().stream()
                .takeWhile(event -> !event.position().isAfter(appended.result().position()))
                .count();
        boolean there = side.log().stream()
                .anyMatch(event -> event.position().equals(appended.result().position()));
        return "appended " + appended.result().streams() + " repeated="
                + appended.result().repeated() + " as the " + place + ". event"
                + (there ? "" : ", at a position that no event has");
    }

    private Optional<String> setCell(Command.SetCell set) {
        String name = cell(set.cell());
        long actual = reference.backend().cells().get(name).map(Cell::revision).orElse(0L);
        long expected = Math.max(0, actual + set.expected());
        Payload value = Payload.utf8("value " + set.value());
        return compare(side -> side.backend().cells().compareAndSet(name, expected, value));
    }

    private Optional<String> reopen() {
        LogBackend old = tested.backend();
        if (traits.durability() == Durability.VOLATILE) {
            tested.backend(opener.get());
            old.close();
        } else {
            old.close();
            tested.backend(opener.get());
        }
        return Optional.empty();
    }

    private Optional<String> compare(Function<Side, Object> question) {
        Object expected = question.apply(reference);
        Object actual;
        try {
            actual = question.apply(tested);
        } catch (RuntimeException e) {
            actual = "thrown: " + e;
        }
        return Objects.equals(expected, actual)
                ? Optional.empty()
                : Optional.of("the store answered " + actual + "\nand the reference " + expected);
    }

    private Object contents(List<RecordedEvent> events) {
        StringBuilder text = new StringBuilder();
        for (RecordedEvent event : events) {
            text.append("\n    ")
                    .append(event.stream())
                    .append('/')
                    .append(event.version())
                    .append(' ')
                    .append(event.id())
                    .append(' ')
                    .append(event.type())
                    .append(' ')
                    .append(event.contentType())
                    .append(' ')
                    .append(event.payload().asUtf8())
                    .append(' ')
                    .append(event.metadata().asMap());
        }
        return text.isEmpty() ? "no events" : text.toString();
    }

    private Filter filter(Selection selection) {
        return switch (selection) {
            case ALL -> Filter.all();
            case CATEGORY -> Filter.all().categories(commands.stream(0).category());
            case PREFIX -> Filter.all().prefix(commands.stream(1).name());
            case TYPES -> Filter.all().types(Commands.type(0), Commands.type(1));
            case CATEGORY_AND_TYPE ->
                Filter.all().categories(commands.stream(0).category()).types(Commands.type(1));
        };
    }

    private String cell(int number) {
        return prefix + "-" + number;
    }

    @Override
    public void close() {
        tested.backend().close();
        reference.backend().close();
    }
}
