package dev.polylog.cli.command;

import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import dev.polylog.tck.TckExtension;
import dev.polylog.tck.report.RuleChoice;
import dev.polylog.tck.report.Specification;
import dev.polylog.tck.report.TckHtml;
import dev.polylog.tck.report.TckReport;
import dev.polylog.tck.report.TckReport.Check;
import dev.polylog.tck.report.TckRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code polylog tck}. For one run. */
@Command(
        name = "tck",
        mixinStandardHelpOptions = true,
        description = {
            "Judges a store by the specification, rule by rule.",
            "%nIt writes streams and cells of its own and leaves them in the store: name one that is made for it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s sqlite:tck.db tck",
            "  polylog -s memory: tck --json tck.json --html tck.html",
            "  polylog -s sqlite:tck.db tck --rules A-03,G --seed 42 --rounds 100",
            "%nEnds with 7 where a rule is broken. A failure names the seed that repeats it.",
        })
public final class TckCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Option(names = "--seed", paramLabel = "N", description = "Repeat a run's randomness. Default: another each time.")
    private @Nullable Long seed;

    @Option(names = "--rounds", paramLabel = "N", description = "How often races are repeated. Default: 20.")
    private @Nullable Integer rounds;

    @Option(
            names = "--rules",
            paramLabel = "RULE",
            split = ",",
            description = "Judge by these rules or chapters only, for example A-03,G. Default: all.")
    private List<String> rules = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write the result as a page: rules and checks.")
    private @Nullable Path html;

    @Option(
            names = "--unreachable",
            paramLabel = "URL",
            description =
                    "A URL of the same kind that leads nowhere, for rule L-04. Default: the store's, at a closed port.")
    private @Nullable String unreachable;

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
    public TckCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() throws Exception {
        Shell shell = polylog.shell();
        RuleChoice choice = new RuleChoice(rules);
        JudgedStore store = JudgedStore.at(polylog.storeUrl(), unreachable);
        Progress progress = new Progress(shell, "judging");
        AtomicInteger done = new AtomicInteger();
        store.open().close(); // one that cannot be opened is no matter of rules
        TckReport report = shell.interruption()
                .run(() -> TckRunner.run(
                        TckRunner.harness(store::open, store.unreachable()),
                        choice,
                        settings(),
                        check -> show(progress, done.incrementAndGet(), check)));
        progress.clear();
        write(report);
        print(report);
        return report.passed() ? ExitCode.DONE : ExitCode.FINDINGS;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (seed != null) {
            settings.put(TckExtension.SEED, seed.toString());
        }
        if (rounds != null) {
            settings.put(TckExtension.ROUNDS, rounds.toString());
        }
        return settings;
    }

    private void show(Progress progress, int number, Check check) {
        if (!check.passed()) {
            progress.clear();
            polylog.shell().say("FAILED " + check.rule() + " " + check.name() + ": " + firstLine(check.message()));
        }
        progress.show("[" + number + "] " + check.rule() + " " + check.name());
    }

    private static String firstLine(String message) {
        return message.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    }

    private void write(TckReport report) throws IOException {
        if (json != null) {
            Files.writeString(json, report.toJson());
        }
        if (html != null) {
            Files.writeString(html, TckHtml.page(Specification.load(), List.of(report)));
        }
    }

    private void print(TckReport report) {
        Shell shell = polylog.shell();
        if (ReportFormat.orDefault(format, shell.terminal()) == ReportFormat.json) {
            shell.out().println(report.toJson());
            shell.out().flush();
            return;
        }
        List<Check> failed =
                report.checks().stream().filter(check -> !check.passed()).toList();
        new Report()
                .add("backend", report.backend())
                .add("rules", (int)
                        report.checks().stream().map(Check::rule).distinct().count())
                .add("checks", report.checks().size())
                .add("passed", report.checks().size() - failed.size())
                .add(
                        "failed",
                        failed.stream()
                                .map(check -> check.rule() + " " + check.name())
                                .toList())
                .add("verdict", report.passed() ? "keeps the rules" : "BREAKS RULES")
                .print(shell, ReportFormat.table);
    }
}
