package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.spi.BackendTraits;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code polylog traits}. For one run. */
@Command(
        name = "traits",
        mixinStandardHelpOptions = true,
        description = "Prints what a store promises beyond the rules that all keep, and its limits.",
        footerHeading = "%nExamples:%n",
        footer = {"  polylog -s sqlite:orders.db traits", "  polylog -s memory: traits -o json | jq .maxEventsPerAppend"
        })
public final class TraitsCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}. Default: table on a terminal, json in a pipe.")
    private @Nullable ReportFormat format;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public TraitsCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        try (EventStore store = polylog.openStore()) {
            BackendTraits traits = store.traits();
            BackendTraits.Limits limits = traits.limits();
            new Report()
                    .add("backend", traits.backend())
                    .add("durability", name(traits.durability()))
                    .add("maxEventsPerAppend", limits.maxEventsPerAppend())
                    .add("maxStreamsPerAppend", limits.maxStreamsPerAppend())
                    .add("maxPayloadBytes", limits.maxPayloadBytes())
                    .add("maxMetadataBytes", limits.maxMetadataBytes())
                    .add("maxAppendBytes", limits.maxAppendBytes())
                    .add("multiStreamAppend", traits.multiStreamAppend())
                    .add("multiStreamReads", traits.multiStreamReads())
                    .add("unwrittenExpectations", traits.unwrittenExpectations())
                    .add("repeatWindow", name(traits.repeatWindow()))
                    .add("duplicateDetection", name(traits.duplicateDetection()))
                    .add("signalBoundMillis", traits.signalBound().toMillis())
                    .add("holdBoundMillis", traits.holdBound().toMillis())
                    .add("closeBoundMillis", traits.closeBound().toMillis())
                    .print(
                            polylog.shell(),
                            ReportFormat.orDefault(format, polylog.shell().terminal()));
            return ExitCode.DONE;
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
