package dev.polylog.conformance.kurrentdb;

import dev.polylog.tck.TckExtension;
import dev.polylog.tck.report.RuleChoice;
import dev.polylog.tck.report.Specification;
import dev.polylog.tck.report.TckHtml;
import dev.polylog.tck.report.TckReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself: judges a server. For one run. */
@Command(
        name = "polylog-kurrentdb-conformance",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = {
            "Judges a KurrentDB or EventStoreDB server: by the conformance tests of Polylog's protocol server,"
                    + " and by Polylog's compatibility kit through its KurrentDB backend.",
            "%nIt writes streams of its own and leaves them there: name a server that is made for it.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar polylog-kurrentdb-conformance.jar --url 'kurrentdb://admin:changeit@localhost:2113?tls=false'",
            "  java -Dpolylog.kurrentdb.url='kurrentdb://localhost:2113?tls=false' -jar polylog-kurrentdb-conformance.jar",
            "  java -jar polylog-kurrentdb-conformance.jar serve --as 25.1",
            "%nEnds with 0 if all passed, 7 if something did not, 2 after wrong usage, 5 if no server answers.",
        })
final class JudgeCommand implements Callable<Integer> {

    static final int FINDINGS = 7;
    static final int UNREACHABLE = 5;

    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--url", paramLabel = "URL", description = "The server. Default: -Dpolylog.kurrentdb.url.")
    private @Nullable String url;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where conformance.json, kit.json and kit.html go. Default: the working folder.")
    private Path folder = Path.of(".");

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Repeat the kit's randomness. Default: another each time.")
    private @Nullable Long seed;

    @Option(names = "--rounds", paramLabel = "N", description = "How often the kit repeats races. Default: 20.")
    private @Nullable Integer rounds;

    @Option(
            names = "--rules",
            paramLabel = "RULE",
            split = ",",
            description = "Let the kit judge by these rules or chapters only, for example A-03,G. Default: all.")
    private List<String> rules = List.of();

    @Option(names = "--only", paramLabel = "PART", description = "${COMPLETION-CANDIDATES}. Default: both.")
    private @Nullable Part only;

    /** What can be run alone. */
    enum Part {
        conformance,
        kit
    }

    JudgeCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        RuleChoice choice = choice();
        Judged server = server();
        Files.createDirectories(folder);
        out.println(server);
        boolean passed = true;
        if (only != Part.kit) {
            passed = conformance(server);
        }
        if (only != Part.conformance) {
            passed &= kit(server, choice);
        }
        return passed ? 0 : FINDINGS;
    }

    private RuleChoice choice() {
        try {
            return new RuleChoice(rules);
        } catch (IllegalArgumentException e) {
            throw wrongUsage(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(
                Objects.requireNonNull(spec, "picocli gives it").commandLine(), message);
    }

    private Judged server() throws InterruptedException {
        String given = url == null ? System.getProperty(AnyServer.URL) : url;
        if (given == null) {
            throw wrongUsage("which server? Name one by --url or -D" + AnyServer.URL + ", or start one by 'serve'");
        }
        return Judged.at(given);
    }

    private boolean conformance(Judged server) throws IOException {
        ConformanceReport report = ConformanceRun.of(server, test -> {
            if (!test.passed()) {
                err.println("FAILED " + test.chapter() + ": " + test.name() + ": " + test.message());
            }
        });
        Path file = folder.resolve("conformance.json");
        Files.writeString(file, report.toJson());
        out.printf(
                "conformance: %d tests, %d failed; %s%n",
                report.tests().size(), report.failures().size(), file);
        return report.passed();
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

    private boolean kit(Judged server, RuleChoice choice) throws IOException {
        TckReport report = KitRun.of(server, choice, settings(), check -> {
            if (!check.passed()) {
                err.println("FAILED " + check.rule() + " " + check.name() + ": " + check.message());
            }
        });
        Path json = folder.resolve("kit.json");
        Path html = folder.resolve("kit.html");
        Files.writeString(json, report.toJson());
        Files.writeString(html, TckHtml.page(Specification.load(), List.of(report)));
        long failed = report.checks().stream().filter(check -> !check.passed()).count();
        out.printf("kit: %d checks, %d failed; %s, %s%n", report.checks().size(), failed, json, html);
        return report.passed();
    }
}
