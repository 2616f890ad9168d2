package dev.polylog.cli.command;

import dev.polylog.Direction;
import dev.polylog.EventStore;
import dev.polylog.Filter;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.cli.format.EventColumns;
import dev.polylog.cli.format.EventFormat;
import dev.polylog.cli.format.EventPrinter;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Interrupted;
import dev.polylog.cli.shell.Shell;
import dev.polylog.subscription.FailurePolicy;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscription;
import dev.polylog.subscription.SubscriptionOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polylog tail}. For one run. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints the last events of a stream, or of all, and with -f each new one as it comes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog tail",
            "  polylog tail Order-42 --last 3",
            "  polylog tail -f --category Order --type OrderPlaced",
            "  polylog tail -f --last 0 -o ndjson | jq .data",
            "%nCtrl-C ends -f.",
        })
public final class TailCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(200);

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private Source source = new Source();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with each new event.")
    private boolean follow;

    @Option(
            names = {"-n", "--last"},
            paramLabel = "N",
            defaultValue = "10",
            description = "How many events to begin with. Default: ${DEFAULT-VALUE}.")
    private long last = 10;

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
    public TailCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        source.check(spec);
        if (last < 0) {
            throw new ParameterException(spec.commandLine(), "--last " + last + ": expected 0 or more");
        }
        Shell shell = polylog.shell();
        EventColumns columns = source.stream() == null ? EventColumns.OF_ALL : EventColumns.OF_STREAM;
        EventPrinter printer = EventFormat.orDefault(format, shell.terminal()).printer(shell, columns);
        try (EventStore store = polylog.openExistingStore()) {
            Position seen = printLast(store, printer);
            if (follow) {
                follow(store, printer, seen);
            }
            printer.finish();
            return ExitCode.DONE;
        }
    }

    /** Prints the last events and gives the position after which others follow. */
    private Position printLast(EventStore store, EventPrinter printer) {
        Position seen = store.watermark().position();
        Filter filter = source.filters().filter();
        Selection selection = new Selection(
                source.stream(), filter, 1, Long.MAX_VALUE, Position.START, Direction.FORWARDS, Long.MAX_VALUE, last);
        for (RecordedEvent event : selection.read(store)) {
            printer.print(event);
            seen = event.position().isAfter(seen) ? event.position() : seen;
        }
        printer.flush();
        return seen;
    }

    private void follow(EventStore store, EventPrinter printer, Position seen) {
        SubscriptionOptions options = SubscriptionOptions.ephemeral()
                .from(StartFrom.after(seen))
                .filter(source.filters().filter())
                .onFailure(FailurePolicy.stop().retries(0));
        StreamId stream = source.stream();
        try (Subscription subscription =
                store.subscribe(stream == null ? options : options.stream(stream), event -> show(printer, event))) {
            CompletableFuture<Void> ended = subscription.ended().toCompletableFuture();
            boolean wanted = true;
            while (wanted && !ended.isDone()) {
                wanted = !polylog.shell().interruption().await(LOOK);
            }
            if (ended.isCompletedExceptionally()) {
                ended.join();
            }
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        printer.finish();
        throw new Interrupted("");
    }

    private static void show(EventPrinter printer, RecordedEvent event) {
        printer.print(event);
        printer.flush();
    }
}
