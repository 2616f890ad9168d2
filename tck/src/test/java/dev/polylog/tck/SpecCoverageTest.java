package dev.polylog.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.tck.report.AnyStoreKit;
import dev.polylog.tck.report.Rule;
import dev.polylog.tck.report.Specification;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Ties the tables of the specification to the names and tags of the kit's tests, both ways. */
class SpecCoverageTest {

    private static final Pattern NAME = Pattern.compile("[a-z]\\d\\d(_[a-z0-9]+){3,}");
    private static final String ARGUED = "argued";

    /** A test of the kit. */
    private record Check(String rule, String name, Set<String> tiers) {}

    private static List<Rule> rules() {
        return Specification.load().rules();
    }

    private static List<Check> checks() {
        return Chapters.ALL.stream()
                .flatMap(chapter -> ReflectionSupport.findMethods(
                        chapter,
                        method -> AnnotationSupport.isAnnotated(method, Test.class),
                        HierarchyTraversalMode.TOP_DOWN)
                        .stream())
                .map(SpecCoverageTest::check)
                .toList();
    }

    private static Check check(Method method) {
        Set<String> tags = Arrays.stream(method.getAnnotationsByType(Tag.class))
                .map(Tag::value)
                .collect(Collectors.toCollection(TreeSet::new));
        return new Check(
                TckExtension.rule(method.getName()), method.getName(), tags.isEmpty() ? Set.of("required") : tags);
    }

    @Test
    void everyRuleIsOneSentenceWithOneMustAndAReason() {
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.text().split("\\bMUST\\b", -1)).as(rule.id()).hasSize(2);
            assertThat(rule.text()).as(rule.id()).endsWith(".").doesNotContain(". ");
            assertThat(rule.why()).as(rule.id()).endsWith(".");
            assertThat(rule.tiers()).as(rule.id()).isSubsetOf("required", "raced", "declared", ARGUED);
        });
        assertThat(rules()).extracting(Rule::id).doesNotHaveDuplicates();
    }

    @Test
    void everyRuleThatCanBeTestedHasTestsOfEachOfItsTiers() {
        Map<String, Set<String>> tested = new LinkedHashMap<>();
        checks().forEach(check ->
                tested.computeIfAbsent(check.rule(), key -> new TreeSet<>()).addAll(check.tiers()));
        for (Rule rule : rules()) {
            if (!rule.tiers().equals(Set.of(ARGUED))) {
                assertThat(tested.getOrDefault(rule.id(), Set.of()))
                        .as("tiers of the tests of %s, as its row says", rule.id())
                        .containsAll(rule.tiers());
            }
        }
    }

    @Test
    void everyTestBeginsWithARuleAndHasItsTiers() {
        Map<String, Rule> rules = rules().stream().collect(Collectors.toMap(Rule::id, rule -> rule));
        assertThat(checks()).hasSizeGreaterThan(200).allSatisfy(check -> {
            assertThat(check.name()).matches(NAME);
            assertThat(rules).as("the rule of %s", check.name()).containsKey(check.rule());
            assertThat(rules.get(check.rule()).tiers())
                    .as("tiers of %s", check.name())
                    .containsAll(check.tiers());
        });
        assertThat(checks()).extracting(Check::name).doesNotHaveDuplicates();
    }

    @Test
    void theKitOnTheReferenceAndTheKitForAnyStoreListEveryChapter() {
        for (Class<?> kit : List.of(MemoryTckTest.class, AnyStoreKit.class)) {
            Set<Class<?>> listed = Arrays.stream(kit.getDeclaredClasses())
                    .<Class<?>>map(Class::getSuperclass)
                    .collect(Collectors.toSet());
            assertThat(listed).as("chapters of %s", kit).containsAll(Chapters.ALL);
        }
    }
}
