package dev.polylog.tck.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.history.SmallHistories.SmallHistory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistoryCheckerCrossCheckTest {

    private static final int HISTORIES = Integer.getInteger("polylog.histories", 100_000);

    @Test
    void says_of_small_histories_what_trying_every_order_says() {
        int possible = 0;
        Map<String, Integer> rules = new TreeMap<>();
        for (int seed = 0; seed < HISTORIES; seed++) {
            SmallHistory history = new SmallHistories(seed).next();
            List<Violation> violations =
                    new HistoryChecker(history.traits()).check(history.operations(), history.log());
            boolean expected = new BruteForce(history.operations(), history.log(), history.traits()).isPossible();
            assertThat(violations.isEmpty())
                    .as(() -> describe(history, violations))
                    .isEqualTo(expected);
            possible += expected ? 1 : 0;
            violations.forEach(violation -> rules.merge(violation.rule(), 1, Integer::sum));
        }
        int impossible = HISTORIES - possible;
        System.out.println("small histories: " + possible + " possible, " + impossible
                + " impossible, no disagreement; violations found by rule: " + rules);
        assertThat(possible).isGreaterThan(HISTORIES / 4);
        assertThat(impossible).isGreaterThan(HISTORIES / 5);
    }

    private static String describe(SmallHistory history, List<Violation> violations) {
        StringBuilder text = new StringBuilder("traits " + history.traits() + "\nlog " + history.log());
        history.operations().forEach(operation -> text.append("\n").append(operation));
        return text.append("\nthe checker said: ").append(violations).toString();
    }
}
