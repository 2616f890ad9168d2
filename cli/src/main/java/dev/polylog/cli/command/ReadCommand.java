package dev.polylog.cli.command;

import dev.polylog.Direction;
import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.cli.format.EventColumns;
import dev.polylog.cli.format.EventFormat;
import dev.polylog.cli.format.EventPrinter;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polylog read}. For one run. */
@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description = "Prints the events of a stream, or of all.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog read Order-42",
            "  polylog read Order-42 --from 3 --to 5 -o json",
            "  polylog read --all --category Order --type OrderPlaced --last 5",
            "  polylog read --all --after 1200 --limit 100 -o ndjson | jq .data",
        })
public final class ReadCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Source source = new Source();

    @Option(names = "--from", paramLabel = "N", description = "Begin with this version of the stream.")
    private @Nullable Long from;

    @Option(names = "--to", paramLabel = "N", description = "End with this version of the stream.")
    private @Nullable Long to;

    @Option(names = "--after", paramLabel = "POSITION", description = "With --all: only events after this position.")
    private @Nullable String after;

    @Option(names = "--last", paramLabel = "N", description = "Only the last N of these events.")
    private @Nullable Long last;

    @Option(names = "--limit", paramLabel = "N", description = "At most N events.")
    private @Nullable Long limit;

    @Option(names = "--backwards", description = "The newest event first.")
    private boolean backwards;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: table on a terminal, ndjson in a pipe.")
    private @Nullable EventFormat format;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public ReadCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        Selection selection = selection();
        try (EventStore store = polylog.openExistingStore()) {
            long printed = print(store, selection);
            StreamId stream = selection.stream();
            if (printed == 0 && stream != null && store.version(stream) == 0) {
                throw new CommandFailed(ExitCode.NOT_FOUND, "stream " + stream + " has no events in this store");
            }
            return ExitCode.DONE;
        }
    }

    private long print(EventStore store, Selection selection) {
        Shell shell = polylog.shell();
        EventColumns columns = selection.stream() == null ? EventColumns.OF_ALL : EventColumns.OF_STREAM;
        EventPrinter printer = EventFormat.orDefault(format, shell.terminal()).printer(shell, columns);
        long printed = 0;
        for (RecordedEvent event : selection.read(store)) {
            shell.interruption().check();
            printer.print(event);
            printed++;
        }
        printer.finish();
        return printed;
    }

    private Selection selection() {
        source.require(spec);
        StreamId stream = source.stream();
        if (stream == null && (from != null || to != null)) {
            throw wrong("--from and --to are versions of a stream; with --all use --after POSITION");
        }
        if (stream != null && after != null) {
            throw wrong("--after is a position of the global order; for a stream use --from VERSION");
        }
        if (last != null && (limit != null || backwards)) {
            throw wrong("--last means: the last N, oldest first; use it without --limit and --backwards");
        }
        return new Selection(
                stream,
                source.filters().filter(),
                atLeast("--from", from, 1, 1),
                atLeast("--to", to, 1, Long.MAX_VALUE),
                after == null ? Position.START : position(after),
                backwards ? Direction.BACKWARDS : Direction.FORWARDS,
                atLeast("--limit", limit, 0, Long.MAX_VALUE),
                atLeast("--last", last, 0, -1));
    }

    private long atLeast(String option, @Nullable Long value, long least, long fallback) {
        if (value != null && value < least) {
            throw wrong(option + " " + value + ": expected " + least + " or more");
        }
        return value == null ? fallback : value;
    }

    private Position position(String text) {
        try {
            return Position.parse(text);
        } catch (IllegalArgumentException e) {
            throw wrong("--after: " + e.getMessage());
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
