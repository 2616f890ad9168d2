package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.Events;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.transfer.Exporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polylog export}. For one run. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes events as CloudEvents 1.0, one JSON object a line, in the global order.",
            "%nAn import of the result into an empty store gives the same content: polylog verify prints the same"
                    + " digest for both.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s sqlite:orders.db export orders.jsonl.gz",
            "  polylog -s sqlite:orders.db export --category Order | gzip > orders.jsonl.gz",
            "  polylog -s sqlite:a.db export | polylog -s sqlite:b.db import -",
        })
public final class ExportCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description = "The file, packed by gzip if its name ends with .gz. Default: standard output.")
    private @Nullable Path file;

    @Mixin
    private FilterOptions filters = new FilterOptions();

    @Option(
            names = "--after",
            paramLabel = "POSITION",
            description = "Only events after this position. An import needs every stream from its first event on.")
    private @Nullable String after;

    @Option(names = "--overwrite", description = "Replace the file if it is there.")
    private boolean overwrite;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public ExportCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() throws IOException {
        Shell shell = polylog.shell();
        Position begin = after == null ? Position.START : Position.parse(after);
        boolean toStandardOutput = file == null || file.toString().equals("-");
        if (file != null && !toStandardOutput && Files.exists(file) && !overwrite) {
            throw new CommandFailed(ExitCode.FAILURE, file + " is there already; replace it with --overwrite");
        }
        try (EventStore store = polylog.openExistingStore()) {
            Events events = store.readAll(ReadOptions.all().after(begin).filter(filters.filter()));
            Exporter exporter = new Exporter(shell);
            if (file == null || toStandardOutput) {
                exporter.toStream(events, shell.out());
            } else {
                long count = exporter.toFile(events, file);
                shell.say(String.format(Locale.ROOT, "%,d events written to %s", count, file));
            }
            return ExitCode.DONE;
        }
    }
}
