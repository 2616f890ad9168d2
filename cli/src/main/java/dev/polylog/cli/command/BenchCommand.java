package dev.polylog.cli.command;

import dev.polylog.bench.Bench;
import dev.polylog.bench.BenchOptions;
import dev.polylog.bench.BenchReport;
import dev.polylog.bench.Workload;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code polylog bench}. For one run. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures stores side by side, each beside its plain driver where that is possible; the history checker judges"
                    + " every run.",
            "%nIt appends to streams of its own (Bench…) and leaves them in the store: name stores made for it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog bench --quick --stores sqlite:bench.db,memory:",
            "  polylog -s sqlite:bench.db bench --workloads append-1-by-8,read-all",
            "  polylog bench --stores sqlite:bench.db --out results",
            "%nEnds with 7 where a run broke a rule; such a run has no figure.",
        })
public final class BenchCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Option(
            names = "--stores",
            paramLabel = "URL",
            description = "The stores to compare, separated by commas. Default: the one named by -s.")
    private @Nullable List<String> stores;

    @Option(names = "--quick", description = "A first impression, a minute or two a store, instead of some minutes.")
    private boolean quick;

    @Option(
            names = "--workloads",
            paramLabel = "NAME",
            split = ",",
            description = "Only these, separated by commas. A wrong name lists all.")
    private @Nullable List<String> workloads;

    @Option(names = "--out", paramLabel = "DIR", description = "Also write bench.json and bench.txt there.")
    private @Nullable Path out;

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
    public BenchCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() throws Exception {
        BenchOptions options = options();
        Shell shell = polylog.shell();
        if (out != null) {
            Files.createDirectories(out);
        }
        Progress progress = new Progress(shell, "measuring");
        BenchReport report = shell.interruption()
                .run(() -> Bench.run(
                        options, (what, done, all) -> progress.show("[" + (done + 1) + "/" + all + "] " + what)));
        progress.clear();
        write(report);
        shell.out()
                .print(
                        ReportFormat.orDefault(format, shell.terminal()) == ReportFormat.json
                                ? report.toJson() + "\n"
                                : report.toText());
        shell.out().flush();
        return report.isSound() ? ExitCode.DONE : ExitCode.FINDINGS;
    }

    private BenchOptions options() {
        List<String> urls = stores == null
                ? List.of(polylog.storeUrl())
                : stores.stream()
                        .flatMap(list -> StoreList.parse(list).stream())
                        .toList();
        BenchOptions options = quick ? BenchOptions.quick(urls) : BenchOptions.full(urls);
        if (workloads == null) {
            return options;
        }
        Set<Workload> wanted = new LinkedHashSet<>();
        workloads.forEach(label -> wanted.add(Workload.of(label)));
        return options.withWorkloads(wanted);
    }

    private void write(BenchReport report) throws IOException {
        if (out != null) {
            Files.writeString(out.resolve("bench.json"), report.toJson());
            Files.writeString(out.resolve("bench.txt"), report.toText());
            polylog.shell().say("written to " + out.resolve("bench.json") + " and " + out.resolve("bench.txt"));
        }
    }
}
