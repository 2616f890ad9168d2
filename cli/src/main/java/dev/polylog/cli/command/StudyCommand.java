package dev.polylog.cli.command;

import dev.polylog.bench.ProgressListener;
import dev.polylog.bench.Study;
import dev.polylog.bench.StudyReport;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code polylog study}. For one run. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how a store behaves as it grows and as processes share it.",
            "%nIt appends to streams of its own (Bench…) and leaves them in the store: name stores made for it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s sqlite:big.db study growth --empty sqlite:empty.db --events 5000000",
            "  polylog -s postgresql://me@localhost/bench study processes --processes 8 --writers 1",
            "  polylog -s postgresql://me@localhost/bench study delivery --rate 100",
        })
public final class StudyCommand {

    private final PolylogCommand polylog;

    @Option(
            names = "--rounds",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "How often to measure. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--seconds",
            scope = ScopeType.INHERIT,
            paramLabel = "N",
            description = "How long one measurement takes. Default: ${DEFAULT-VALUE}.")
    private double seconds = 3;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public StudyCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    /** A study, given who is told how far it is. */
    private interface Run {
        StudyReport with(Study.Effort effort, ProgressListener listener) throws Exception;
    }

    @Command(
            name = "growth",
            mixinStandardHelpOptions = true,
            description = "Appends to a long stream and in a large store, beside short streams and an empty store.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog -s sqlite:big.db study growth --empty sqlite:empty.db",
                "  polylog -s sqlite:big.db study growth --empty sqlite:empty.db --events 100000 --stream 1000",
            })
    int growth(
            @Option(
                            names = "--empty",
                            required = true,
                            paramLabel = "URL",
                            description = "Another store of the same kind, without events.")
                    String empty,
            @Option(
                            names = "--events",
                            paramLabel = "N",
                            defaultValue = "5000000",
                            description = "How many events to fill the store with. Default: ${DEFAULT-VALUE}.")
                    long events,
            @Option(
                            names = "--stream",
                            paramLabel = "N",
                            defaultValue = "100000",
                            description = "How many of them are one stream's. Default: ${DEFAULT-VALUE}.")
                    int stream)
            throws Exception {
        return study((effort, listener) -> Study.growth(polylog.storeUrl(), empty, events, stream, effort, listener));
    }

    @Command(
            name = "processes",
            mixinStandardHelpOptions = true,
            description = "Several processes append at the same time, beside as many that use the plain driver.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog -s sqlite:bench.db study processes --processes 2",
                "  polylog -s postgresql://me@localhost/bench study processes --writers 8 --rounds 3",
            })
    int processes(
            @Option(
                            names = "--processes",
                            paramLabel = "N",
                            defaultValue = "8",
                            description = "How many processes. Default: ${DEFAULT-VALUE}.")
                    int processes,
            @Option(
                            names = "--writers",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "How many writers in each. Default: ${DEFAULT-VALUE}.")
                    int writers)
            throws Exception {
        return study((effort, listener) -> Study.processes(polylog.storeUrl(), processes, writers, effort, listener));
    }

    @Command(
            name = "delivery",
            mixinStandardHelpOptions = true,
            description = "How soon a live subscription has what another process appended.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog -s sqlite:bench.db study delivery",
                "  polylog -s postgresql://me@localhost/bench study delivery --rate 1000",
            })
    int delivery(
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "100",
                            description = "Events a second. Default: ${DEFAULT-VALUE}.")
                    int rate)
            throws Exception {
        return study((effort, listener) -> Study.delivery(polylog.storeUrl(), rate, effort, listener));
    }

    private int study(Run run) throws Exception {
        Shell shell = polylog.shell();
        Progress progress = new Progress(shell, "measuring");
        Study.Effort effort = new Study.Effort(rounds, Duration.ofMillis(Math.round(seconds * 1_000)));
        StudyReport report = shell.interruption()
                .run(() -> run.with(effort, (what, done, all) -> progress.show("[" + done + "/" + all + "] " + what)));
        progress.clear();
        shell.out().print(report.toText());
        shell.out().flush();
        return ExitCode.DONE;
    }
}
