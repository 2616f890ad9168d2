package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Interrupted;
import dev.polylog.cli.shell.Shell;
import dev.polylog.cli.transfer.ImportFile;
import dev.polylog.cli.transfer.ImportReport;
import dev.polylog.cli.transfer.Importer;
import dev.polylog.cli.transfer.OnBrokenLine;
import dev.polylog.cli.transfer.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code polylog import}. For one run. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Stores the events of a file of CloudEvents 1.0, one JSON object a line, in the file's order.",
            "%nThe attribute subject is the stream. An import that was interrupted, or killed, goes on where it was"
                    + " when it is run again; events that are there already are not stored twice.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s sqlite:orders.db import orders.jsonl.gz",
            "  polylog -s sqlite:orders.db import --skip-bad orders.jsonl 2> left-out.txt",
            "  polylog -s sqlite:a.db export | polylog -s sqlite:b.db import - --verify",
            "%nMemory grows with the number of streams (some 150 bytes each), not with that of events.",
        })
public final class ImportCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Parameters(
            paramLabel = "FILE",
            description = "The file, or - for standard input; may be packed by gzip, whatever its name.")
    private String file = "";

    @Option(
            names = "--skip-bad",
            description = "Leave out lines that are no events, naming each on standard error. Default: stop at the"
                    + " first; everything before it is stored.")
    private boolean skipBad;

    @Option(
            names = "--verify",
            description = "Afterwards examine the whole store, and fail unless it holds exactly the file's events in"
                    + " the file's order.")
    private boolean verify;

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
    public ImportCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() throws IOException {
        Shell shell = polylog.shell();
        long begun = System.nanoTime();
        try (ImportFile input = open();
                EventStore store = polylog.openStore()) {
            Importer importer = new Importer(store, shell, skipBad ? OnBrokenLine.SKIP : OnBrokenLine.STOP);
            run(importer, input);
            double seconds = Math.max((System.nanoTime() - begun) / 1e9, 1e-3);
            Report report = report(importer.report(), seconds);
            boolean right = !verify || addVerification(report, importer.report(), store);
            report.print(shell, ReportFormat.orDefault(format, shell.terminal()));
            return right ? ExitCode.DONE : ExitCode.FINDINGS;
        }
    }

    private ImportFile open() throws IOException {
        return file.equals("-") ? ImportFile.standardInput(polylog.shell().in()) : ImportFile.open(Path.of(file));
    }

    private void run(Importer importer, ImportFile input) {
        try {
            importer.run(input);
        } catch (Interrupted e) {
            throw new Interrupted("interrupted; " + soFar(importer) + ". Run it again to go on");
        } catch (RuntimeException e) {
            polylog.shell().say(soFar(importer));
            throw e;
        }
    }

    private static String soFar(Importer importer) {
        ImportReport report = importer.report();
        return String.format(
                Locale.ROOT,
                "stored %,d events until then, %,d were there already",
                report.stored(),
                report.alreadyThere());
    }

    private static Report report(ImportReport report, double seconds) {
        return new Report()
                .add("stored", report.stored())
                .add("alreadyThere", report.alreadyThere())
                .add("linesLeftOut", report.brokenLines())
                .add("streams", report.streams())
                .add("seconds", String.format(Locale.ROOT, "%.1f", seconds))
                .add("eventsPerSecond", Math.round(report.events() / seconds))
                .add("digest", report.digest());
    }

    private boolean addVerification(Report report, ImportReport imported, EventStore store) {
        Verification.Result result = new Verification(store, polylog.shell()).run(Integer.MAX_VALUE);
        boolean same = result.digest().equals(imported.digest());
        report.add("storeDigest", result.digest());
        report.add(
                "verified",
                same && result.findings().isEmpty()
                        ? List.of("the store holds exactly these events")
                        : List.of("NO: the store holds " + result.events() + " events, or has findings; run verify"));
        return same && result.findings().isEmpty();
    }
}
