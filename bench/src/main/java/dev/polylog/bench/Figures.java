package dev.polylog.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How one contender did in one workload, over all rounds.
 *
 * <p>Immutable and thread-safe.
 *
 * @param contender what it is
 * @param rounds each measurement, in the order in which they were made
 */
public record Figures(String contender, List<Round> rounds) {

    /** Copies the list. */
    public Figures {
        rounds = List.copyOf(rounds);
    }

    /**
     * The rate over the rounds; a round that broke a rule has none.
     *
     * @return median, least and greatest; null if there is none
     */
    public @Nullable Spread perSecond() {
        return Spread.of(rounds, Round::perSecond);
    }

    /**
     * A latency over the rounds.
     *
     * @param figure for example {@link Round#p99Micros()}
     * @return median, least and greatest of the rounds' figures, in microseconds; null if there is none
     */
    public @Nullable Spread micros(Function<Round, @Nullable Double> figure) {
        return Spread.of(rounds, figure);
    }

    /**
     * How many conflicts there were.
     *
     * @return the sum over the rounds
     */
    public long conflicts() {
        return rounds.stream().mapToLong(Round::conflicts).sum();
    }

    /**
     * How many operations failed.
     *
     * @return the sum over the rounds
     */
    public long errors() {
        return rounds.stream().mapToLong(Round::errors).sum();
    }

    /**
     * What went wrong.
     *
     * @return rules that were broken and the first failures, without repeats
     */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Round round : rounds) {
            round.violations().stream().limit(3).forEach(problems::add);
            if (round.firstError() != null) {
                problems.add("failed: " + round.firstError());
            }
        }
        return problems.stream().distinct().toList();
    }

    /**
     * The ratio of two contenders' rates, round by round: measurements that were made right after one another.
     *
     * @param baseline the other contender
     * @return median, least and greatest; null if there is no round in which both have a rate
     */
    public @Nullable Spread ratioTo(Figures baseline) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds.size(), baseline.rounds.size()); i++) {
            Double mine = rounds.get(i).perSecond();
            Double other = baseline.rounds.get(i).perSecond();
            if (mine != null && other != null) {
                ratios.add(mine / other);
            }
        }
        return Spread.of(ratios);
    }

    /**
     * A median with its spread.
     *
     * @param median the middle one, or the mean of the two in the middle
     * @param least the least
     * @param greatest the greatest
     */
    public record Spread(double median, double least, double greatest) {

        static @Nullable Spread of(List<Round> rounds, Function<Round, @Nullable Double> figure) {
            List<Double> values = new ArrayList<>();
            rounds.stream().map(figure).filter(Objects::nonNull).forEach(values::add);
            return of(values);
        }

        static @Nullable Spread of(List<Double> values) {
            if (values.isEmpty()) {
                return null;
            }
            double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            int last = sorted.length - 1;
            return new Spread((sorted[last / 2] + sorted[(last + 1) / 2]) / 2, sorted[0], sorted[last]);
        }
    }
}
