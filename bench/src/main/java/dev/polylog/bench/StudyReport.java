package dev.polylog.bench;

import dev.polylog.bench.Figures.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a {@link Study} found out.
 *
 * <p>Immutable and thread-safe.
 *
 * @param environment where it ran
 * @param measures what was measured, in order
 */
public record StudyReport(Environment environment, List<Measure> measures) {

    /** Copies the list. */
    public StudyReport {
        measures = List.copyOf(measures);
    }

    /**
     * One figure.
     *
     * @param what what it is
     * @param unit its unit, empty for ratios
     * @param spread median, least and greatest over the rounds
     */
    public record Measure(String what, String unit, Spread spread) {

        static Measure of(String what, String unit, List<Double> rounds) {
            Spread spread = Spread.of(rounds);
            if (spread == null) {
                throw new IllegalArgumentException("nothing was measured of " + what);
            }
            return new Measure(what, unit, spread);
        }

        static Measure ratio(String what, List<Double> one, List<Double> other) {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < one.size(); i++) {
                ratios.add(one.get(i) / other.get(i));
            }
            return of(what, "", ratios);
        }
    }

    /**
     * The report for people.
     *
     * @return lines of text
     */
    public String toText() {
        StringBuilder text = new StringBuilder();
        text.append(environment.when() + ", " + environment.processors() + " processors, " + environment.os() + ", "
                + environment.jvm() + "; medians, least to greatest\n");
        for (Measure measure : measures) {
            Spread spread = measure.spread();
            text.append(String.format(
                    Locale.ROOT,
                    "%-70s %s (%s to %s) %s%n",
                    measure.what(),
                    TextReport.number(spread.median()),
                    TextReport.number(spread.least()),
                    TextReport.number(spread.greatest()),
                    measure.unit()));
        }
        return text.toString();
    }
}
