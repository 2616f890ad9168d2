package dev.polylog.tck.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.polylog.tck.TckExtension;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/**
 * Shows that the kit has teeth: it finds every mutant out, by the rules that the mutant breaks and by no others. Several
 * at a time, since the kit spends most of it waiting for what never comes.
 */
@Execution(ExecutionMode.CONCURRENT)
class TckSelfTest {

    private static final Pattern RULE = Pattern.compile("([A-Z]-\\d\\d)\\b.*", Pattern.DOTALL);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "DOES_NOTHING")
    void theKitFindsTheMutantByTheRulesThatItBreaks(Mutant mutant) {
        Map<String, String> broken = broken(run(mutant));
        assertThat(broken.keySet())
                .as("rules, with one failure of each: %s", broken)
                .containsAll(mutant.breaks())
                .allMatch(mutant::mayBreak, "a rule that the mutant may break");
    }

    @Test
    void aStoreThatDoesNothingFailsEveryTest() {
        Events tests = run(Mutant.DOES_NOTHING);
        assertThat(tests.started().count()).isGreaterThan(160);
        assertThat(tests.succeeded().stream()
                        .map(event -> event.getTestDescriptor().getDisplayName()))
                .as("tests that a store passes that does nothing")
                .isEmpty();
    }

    private static Events run(Mutant mutant) {
        MutantKit.JUDGED.set(mutant);
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(MutantKit.class))
                .configurationParameter(TckExtension.ROUNDS, "5")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "false")
                .execute()
                .testEvents();
        assertThat(tests.skipped().count()).as("tests that were skipped").isZero();
        return tests;
    }

    /** The rules that failures begin with, each with the shortest of its messages. */
    private static Map<String, String> broken(Events tests) {
        Map<String, String> broken = new TreeMap<>();
        tests.failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .map(result -> String.valueOf(
                        result.getThrowable().map(Throwable::getMessage).orElse("")))
                .forEach(message -> {
                    Matcher matcher = RULE.matcher(message);
                    broken.merge(
                            matcher.matches() ? matcher.group(1) : "no rule: " + message,
                            message,
                            (one, other) -> one.length() <= other.length() ? one : other);
                });
        return broken;
    }
}
