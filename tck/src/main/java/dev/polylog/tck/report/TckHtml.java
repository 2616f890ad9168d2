package dev.polylog.tck.report;

import dev.polylog.tck.report.Specification.Chapter;
import dev.polylog.tck.report.TckReport.Check;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One HTML page about one or more runs of the kit: what failed, every rule against every backend, what each declares.
 *
 * <p>The page stands alone: no script, no font, no image from elsewhere. Every text is escaped. Stateless and
 * thread-safe.
 */
public final class TckHtml {

    private static final String STYLE = """
            :root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#57606a;--line:#d0d7de;--ok:#1a7f37;--bad:#cf222e}
            @media(prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;--dim:#8b949e;--line:#30363d;--ok:#3fb950;--bad:#f85149}}
            body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:70rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}
            th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
            td.r{white-space:nowrap;text-align:right}.ok{color:var(--ok)}.bad{color:var(--bad);font-weight:600}.dim{color:var(--dim)}
            pre{white-space:pre-wrap;border-left:3px solid var(--bad);padding-left:.8rem}
            details{margin:.2rem 0}summary{cursor:pointer}.id{white-space:nowrap}
            """;

    private final StringBuilder html = new StringBuilder();
    private final Specification specification;
    private final List<TckReport> reports;

    private TckHtml(Specification specification, List<TckReport> reports) {
        this.specification = specification;
        this.reports = reports;
    }

    /**
     * Makes the page.
     *
     * @param specification the rules
     * @param reports what was found out, a column each
     * @return a whole HTML document
     */
    public static String page(Specification specification, List<TckReport> reports) {
        return new TckHtml(specification, List.copyOf(reports)).page();
    }

    private String page() {
        html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
                .append("<title>Polylog compatibility kit</title><style>")
                .append(STYLE)
                .append("</style></head><body>\n<h1>Compatibility kit</h1>\n");
        verdicts();
        failures();
        specification.chapters().forEach(this::chapter);
        declared();
        return html.append("</body></html>\n").toString();
    }

    private void verdicts() {
        for (TckReport report : reports) {
            long failed =
                    report.checks().stream().filter(check -> !check.passed()).count();
            html.append("<p><strong>").append(escape(report.backend())).append("</strong>: ");
            mark(
                    report.passed(),
                    failed == 0
                            ? report.checks().size() + " checks passed"
                            : failed + " of " + report.checks().size() + " checks failed");
            html.append("</p>\n");
        }
    }

    private void failures() {
        for (TckReport report : reports) {
            for (Check check : report.checks()) {
                if (!check.passed()) {
                    html.append("<h3 class=\"bad\">")
                            .append(escape(check.rule() + " " + check.name()))
                            .append("</h3><p class=\"dim\">")
                            .append(escape(report.backend()))
                            .append("</p><pre>")
                            .append(escape(check.message()))
                            .append("</pre>\n");
                }
            }
        }
    }

    private void chapter(Chapter chapter) {
        html.append("<h2>")
                .append(escape(chapter.letter() + ". " + chapter.title()))
                .append("</h2>\n<table><thead><tr>")
                .append("<th>rule</th><th></th><th>tier</th>");
        reports.forEach(
                report -> html.append("<th>").append(escape(report.backend())).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        for (Rule rule : chapter.rules()) {
            html.append("<tr><td class=\"id\">").append(escape(rule.id())).append("</td><td>");
            ruleText(rule);
            html.append("</td><td class=\"dim\">").append(escape(rule.tier())).append("</td>");
            reports.forEach(report -> cell(report.checksOf(rule.id())));
            html.append("</tr>\n");
        }
        html.append("</tbody></table>\n");
    }

    private void ruleText(Rule rule) {
        Set<String> names = new LinkedHashSet<>();
        reports.forEach(report -> report.checksOf(rule.id()).forEach(check -> names.add(check.name())));
        html.append("<details><summary>")
                .append(prose(rule.text()))
                .append("</summary><p class=\"dim\">")
                .append(prose(rule.why()))
                .append("</p><ul>");
        names.forEach(name -> html.append("<li>").append(escape(name)).append("</li>"));
        html.append("</ul></details>");
    }

    /** Escaped first: what stands between backticks is then only ever wrapped. */
    private static String prose(String markdown) {
        return escape(markdown).replaceAll("`([^`]+)`", "<code>$1</code>");
    }

    private void cell(List<Check> checks) {
        html.append("<td class=\"r\">");
        long passed = checks.stream().filter(Check::passed).count();
        if (checks.isEmpty()) {
            html.append("<span class=\"dim\">not run</span>");
        } else {
            mark(passed == checks.size(), passed == checks.size() ? "✓ " + passed : passed + "/" + checks.size());
        }
        html.append("</td>");
    }

    private void mark(boolean good, String text) {
        html.append("<span class=\"")
                .append(good ? "ok" : "bad")
                .append("\">")
                .append(escape(text))
                .append("</span>");
    }

    private void declared() {
        html.append("<h2>Declared</h2>\n<table><thead><tr><th>trait</th>");
        reports.forEach(
                report -> html.append("<th>").append(escape(report.backend())).append("</th>"));
        html.append("</tr></thead><tbody>\n");
        Set<String> names = new LinkedHashSet<>();
        reports.forEach(report -> names.addAll(report.traits().keySet()));
        for (String name : names) {
            html.append("<tr><td>").append(escape(name)).append("</td>");
            reports.forEach(report -> html.append("<td>")
                    .append(escape(report.traits().getOrDefault(name, "")))
                    .append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table>\n");
    }

    private static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(Character.isISOControl(c) && c != '\n' ? '\ufffd' : (char) c);
            }
        });
        return safe.toString();
    }
}
