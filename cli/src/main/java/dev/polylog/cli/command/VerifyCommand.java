package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.transfer.Verification;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code polylog verify}. For one run. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Examines all events of a store: their order, the versions of every stream, event ids that occur twice,"
                    + " and whether each stream reads like the log.",
            "%nThe digest is a SHA-256 over stream, version, id, type, content type, payload and metadata of every"
                    + " event in the global order: equal on any store that holds the same content.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s sqlite:orders.db verify",
            "  polylog -s sqlite:orders.db verify --sample 1000 -o json",
            "%nEnds with 7 where something is wrong. Memory grows with the number of streams (some 250 bytes each).",
        })
public final class VerifyCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Read N streams, chosen at random, one by one. Default: all of them.")
    private int sample = Integer.MAX_VALUE;

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
    public VerifyCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        if (sample < 0) {
            throw new ParameterException(spec.commandLine(), "--sample " + sample + ": expected 0 or more streams");
        }
        Shell shell = polylog.shell();
        try (EventStore store = polylog.openExistingStore()) {
            Verification.Result result = new Verification(store, shell).run(sample);
            List<String> findings = new ArrayList<>(result.findings());
            if (result.moreFindings() > 0) {
                findings.add("and " + result.moreFindings() + " more");
            }
            new Report()
                    .add("events", result.events())
                    .add("streams", result.streams())
                    .add("streamsRead", result.streamsRead())
                    .add("head", result.head())
                    .add("digest", result.digest())
                    .add("findings", findings)
                    .print(shell, ReportFormat.orDefault(format, shell.terminal()));
            return findings.isEmpty() ? ExitCode.DONE : ExitCode.FINDINGS;
        }
    }
}
