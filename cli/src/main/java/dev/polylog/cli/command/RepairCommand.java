package dev.polylog.cli.command;

import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.RepairReport;
import dev.polylog.spi.StoreRepairer;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code polylog repair}. For one run. */
@Command(
        name = "repair",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a store usable that was restored from a backup, or to a point in time: removes what is left of the"
                    + " appends that such a copy holds in part, and whatever lies behind them, and begins a new epoch, so"
                    + " that durable subscriptions notice.",
            "%nWithout --yes it says what it would do, and changes nothing. Nobody may write meanwhile.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s dynamodb://eu-central-1/events-restored repair",
            "  polylog -s dynamodb://eu-central-1/events-restored repair --yes",
        })
public final class RepairCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Option(names = "--yes", description = "Do it.")
    private boolean sure;

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
    public RepairCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        BackendUrl url = BackendUrl.parse(polylog.storeUrl());
        StoreRepairer repairer = PolylogCommand.power(url, StoreRepairer.class)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.UNSUPPORTED,
                        "the store \"" + url + "\" has nothing to repair: a copy of it is whole, or cannot be opened"));
        RepairReport report = sure ? repairer.repair(url) : repairer.examine(url);
        Shell shell = polylog.shell();
        new Report()
                .add("repaired", sure)
                .add("head", report.head())
                .add("removed", report.removed())
                .add("epoch", report.epoch())
                .print(shell, ReportFormat.orDefault(format, shell.terminal()));
        if (!sure) {
            shell.say("nothing was changed; this is what --yes would do. Nobody may write meanwhile");
        }
        return ExitCode.DONE;
    }
}
