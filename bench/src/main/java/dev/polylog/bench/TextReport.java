package dev.polylog.bench;

import dev.polylog.bench.BenchReport.Result;
import dev.polylog.bench.Figures.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes a report as a table for people. Confined to one thread. */
final class TextReport {

    private static final List<String> HEAD = List.of(
            "workload",
            "contender",
            "rate (least to greatest)",
            "p50",
            "p95",
            "p99",
            "max",
            "conflicts",
            "errors",
            "store to this (least to greatest)");
    private static final String NONE = "-";

    private final BenchReport report;
    private final StringBuilder text = new StringBuilder();

    TextReport(BenchReport report) {
        this.report = report;
        Environment where = report.environment();
        line(where.when() + ", " + where.processors() + " processors, " + bytes(where.memoryBytes()) + " memory, heap "
                + bytes(where.heapBytes()) + ", " + where.os() + ", " + where.jvm());
        BenchOptions options = report.options();
        line(options.rounds() + " rounds of " + options.roundTime().toMillis()
                + " ms each, contenders in turn; medians over rounds; " + EventFactory.PAYLOAD_BYTES
                + " bytes of payload and " + EventFactory.METADATA_BYTES + " of metadata an event");
        report.stores()
                .forEach((url, facts) -> line(url + ": " + facts.backend() + ", durability " + facts.durability()));
        line("");
        table();
        notes();
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (Result result : report.results()) {
            rows.add(row(result.workload(), result.figures(), NONE));
            for (Figures baseline : result.baselines()) {
                rows.add(
                        row(result.workload(), baseline, spread(result.figures().ratioTo(baseline))));
            }
        }
        int[] widths = new int[HEAD.size()];
        rows.forEach(row -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i < 2 ? row.get(i) + padding : padding + row.get(i)).append("  ");
            }
            line(line.toString().stripTrailing());
        }
    }

    private static List<String> row(Workload workload, Figures figures, String ratio) {
        Spread rate = figures.perSecond();
        return List.of(
                workload.label(),
                figures.contender(),
                rate == null
                        ? "no number"
                        : number(rate.median()) + " " + workload.unit() + " (" + number(rate.least()) + " to "
                                + number(rate.greatest()) + ")",
                micros(figures.micros(Round::p50Micros)),
                micros(figures.micros(Round::p95Micros)),
                micros(figures.micros(Round::p99Micros)),
                micros(figures.micros(Round::maxMicros)),
                number((double) figures.conflicts()),
                number((double) figures.errors()),
                ratio);
    }

    private void notes() {
        line("");
        for (Result result : report.results()) {
            String where = result.workload().label() + " on " + result.store() + ": ";
            result.figures().problems().forEach(problem -> line(where + problem));
            for (Figures baseline : result.baselines()) {
                baseline.problems().forEach(problem -> line(where + "raw " + problem));
            }
        }
        line(
                report.isSound()
                        ? "The history checker found no broken rule."
                        : "Rules were broken; those runs have no number.");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    static String number(double value) {
        return value >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String spread(@Nullable Spread spread) {
        return spread == null
                ? NONE
                : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.least(), spread.greatest());
    }

    private static String micros(@Nullable Spread micros) {
        if (micros == null) {
            return NONE;
        }
        double value = micros.median();
        return value >= 1_000
                ? String.format(Locale.ROOT, "%,.1f ms", value / 1_000)
                : String.format(Locale.ROOT, "%.1f us", value);
    }

    private static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
