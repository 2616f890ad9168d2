package dev.polylog.tck.report;

import dev.polylog.tck.report.Specification.Chapter;
import dev.polylog.tck.report.TckReport.Check;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The tables of the documents that say what each store guarantees, made from reports of the kit.
 *
 * <p>Stateless and thread-safe.
 */
public final class GuaranteeMatrix {

    private static final Map<String, String> SHOWN = Map.ofEntries(
            Map.entry("durability", "acknowledged events survive"),
            Map.entry("maxStreamsPerAppend", "streams in one append"),
            Map.entry("unwrittenExpectations", "expectations on streams that are not written"),
            Map.entry("repeatWindow", "a repeat without exact expectation is recognised"),
            Map.entry("duplicateDetection", "partial duplicates are noticed"),
            Map.entry("signalBound", "delivery to another process within"),
            Map.entry("holdBound", "a dead writer holds readers for at most"));

    private static final List<String> ORDER = List.of(
            "durability",
            "maxStreamsPerAppend",
            "unwrittenExpectations",
            "repeatWindow",
            "duplicateDetection",
            "signalBound",
            "holdBound");

    private GuaranteeMatrix() {}

    /**
     * Chapters against backends, and what each backend declares.
     *
     * @param specification the rules
     * @param reports a column each
     * @return a Markdown table
     */
    public static String summary(Specification specification, List<TckReport> reports) {
        StringBuilder table = new StringBuilder(head("", reports));
        for (Chapter chapter : specification.chapters()) {
            List<Rule> judged = chapter.rules().stream()
                    .filter(rule -> !rule.tier().equals("argued"))
                    .toList();
            table.append(row(
                    chapter.title() + " (" + chapter.letter() + ")",
                    reports,
                    report -> kept(report, judged) + " of " + judged.size() + " rules"));
        }
        for (String trait : ORDER) {
            table.append(row(
                    SHOWN.getOrDefault(trait, trait),
                    reports,
                    report -> said(trait, report.traits().getOrDefault(trait, ""))));
        }
        return table.toString();
    }

    /**
     * Every rule against every backend.
     *
     * @param specification the rules
     * @param reports a column each
     * @return a Markdown table
     */
    public static String rules(Specification specification, List<TckReport> reports) {
        StringBuilder table = new StringBuilder(head("rule", reports));
        for (Rule rule : specification.rules()) {
            table.append(row(rule.id() + " (" + rule.tier() + ")", reports, report -> verdict(report, rule)));
        }
        return table.toString();
    }

    private static String verdict(TckReport report, Rule rule) {
        List<Check> checks = report.checksOf(rule.id());
        long passed = checks.stream().filter(Check::passed).count();
        if (checks.isEmpty()) {
            return rule.tier().equals("argued") ? "argued" : "not run";
        }
        return passed == checks.size() ? "✓ " + passed : "✗ " + passed + " of " + checks.size();
    }

    private static long kept(TckReport report, List<Rule> rules) {
        return rules.stream()
                .map(rule -> report.checksOf(rule.id()))
                .filter(checks -> !checks.isEmpty() && checks.stream().allMatch(Check::passed))
                .count();
    }

    private static String said(String trait, String value) {
        return switch (trait + "=" + value) {
            case "durability=volatile" -> "nothing";
            case "durability=local" -> "loss of power";
            case "durability=replicated" -> "loss of a machine";
            case "repeatWindow=unbounded" -> "for ever";
            case "repeatWindow=until next append" -> "until the next append to the stream";
            case "duplicateDetection=whole stream" -> "anywhere in the stream";
            case "duplicateDetection=expected versions" -> "at the expected versions";
            case "maxStreamsPerAppend=1" -> "one only";
            case "holdBound=0 ms" -> "never";
            case "unwrittenExpectations=true" -> "yes";
            case "unwrittenExpectations=false" -> "refused";
            default -> trait.equals("maxStreamsPerAppend") ? "several" : value;
        };
    }

    private static String head(String first, List<TckReport> reports) {
        String names = reports.stream().map(TckReport::backend).collect(Collectors.joining(" | "));
        return "| " + first + " | " + names + " |\n|---|" + "---|".repeat(reports.size()) + "\n";
    }

    private static String row(String first, List<TckReport> reports, Function<TckReport, String> cell) {
        return "| " + first + " | " + reports.stream().map(cell).collect(Collectors.joining(" | ")) + " |\n";
    }
}
