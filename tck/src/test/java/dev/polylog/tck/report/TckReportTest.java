package dev.polylog.tck.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylog.memory.MemoryBackend;
import dev.polylog.tck.Unreachable;
import dev.polylog.tck.report.TckReport.Check;
import dev.polylog.tck.report.TckReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TckReportTest {

    private final Specification specification = Specification.load();
    private final TckReport good = new TckReport(
            "good",
            Map.of("durability", "local"),
            List.of(new Check("A-02", "versions are dense", Status.PASSED, 3, "")));
    private final TckReport bad = new TckReport(
            "<b>bad</b>",
            Map.of("durability", "volatile"),
            List.of(
                    new Check("A-02", "versions are dense", Status.PASSED, 3, ""),
                    new Check("A-02", "versions & more", Status.FAILED, 3, "<script>alert('x')</script>\u0007")));

    @Test
    void aReportSurvivesItsJson(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.json");
        Files.writeString(file, bad.toJson());
        assertThat(TckReport.read(file)).isEqualTo(bad);
        Files.writeString(file, "{\"nothing\":");
        assertThatThrownBy(() -> TckReport.read(file)).hasMessageContaining("not a report");
    }

    @Test
    void oneFailedCheckFailsTheReportAndSoDoesNone() {
        assertThat(good.passed()).isTrue();
        assertThat(bad.passed()).isFalse();
        assertThat(new TckReport("empty", Map.of(), List.of()).passed()).isFalse();
    }

    @Test
    void noTextBreaksOutOfThePage() {
        String page = TckHtml.page(specification, List.of(good, bad));
        assertThat(page)
                .doesNotContain("<script")
                .doesNotContain("<b>bad")
                .doesNotContain("\u0007")
                .contains("&lt;script&gt;alert(&#39;x&#39;)")
                .contains("versions &amp; more");
        assertThat(page.indexOf("alert")).as("failures come first").isLessThan(page.indexOf("A. Append"));
    }

    @Test
    void theMatrixSaysWhatWasKeptWhatWasNotAndWhatWasNotRun() {
        assertThat(GuaranteeMatrix.rules(specification, List.of(good, bad)))
                .contains("| rule | good | <b>bad</b> |")
                .contains("| A-02 (required + raced) | ✓ 1 | ✗ 1 of 2 |")
                .contains("| A-03 (required + raced) | not run | not run |");
        assertThat(GuaranteeMatrix.summary(specification, List.of(good, bad)))
                .contains("| Append (A) | 1 of 16 rules | 0 of 16 rules |")
                .contains("| acknowledged events survive | loss of power | nothing |");
    }

    @Test
    void aRunTellsOfEveryCheckAndReportsThemAll() {
        String name = "runner-" + UUID.randomUUID();
        List<Check> told = new ArrayList<>();
        TckReport report = TckRunner.run(
                TckRunner.harness(
                        () -> MemoryBackend.builder().name(name).open(),
                        new Unreachable.Never("memory is always there")),
                RuleChoice.ALL,
                Map.of("polylog.tck.rounds", "1"),
                told::add);
        assertThat(report.backend()).isEqualTo("memory");
        assertThat(report.traits()).containsEntry("durability", "volatile");
        assertThat(report.checks()).hasSameSizeAs(told).hasSizeGreaterThan(50);
        assertThat(report.checks()).filteredOn(check -> !check.passed()).isEmpty();
    }

    @Test
    void aRunByChosenRulesJudgesByThoseAndNoOthers() {
        String name = "runner-" + UUID.randomUUID();
        TckReport report = TckRunner.run(
                TckRunner.harness(
                        () -> MemoryBackend.builder().name(name).open(),
                        new Unreachable.Never("memory is always there")),
                new RuleChoice(List.of("a-02", "K")),
                Map.of("polylog.tck.rounds", "1"),
                check -> {});
        assertThat(report.passed()).isTrue();
        assertThat(report.checks())
                .extracting(Check::rule)
                .contains("A-02", "K-01", "K-02")
                .allMatch(rule -> rule.equals("A-02") || rule.startsWith("K-"));
    }

    @Test
    void aRuleThatNobodyKnowsIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> new RuleChoice(List.of("A-02", "Z-09", "A-2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Z-09, A-2;", "A (Append)", "S (");
    }
}
