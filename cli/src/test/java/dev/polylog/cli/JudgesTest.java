package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgesTest {

    @TempDir
    private Path folder;

    private final Cli cli = new Cli();

    @Test
    void the_kit_judges_a_store_and_writes_its_results() throws IOException {
        Path json = folder.resolve("tck.json");
        Path html = folder.resolve("tck.html");
        Cli.Result result = cli.done(
                "-s",
                "memory:",
                "tck",
                "--rounds",
                "10",
                "--json",
                json.toString(),
                "--html",
                html.toString(),
                "-o",
                "table");
        assertThat(result.lines()).contains("backend  memory", "failed   none", "verdict  keeps the rules");
        assertThat(Files.readString(json)).contains("\"A-01\"");
        assertThat(Files.readString(html)).contains("A-01").startsWith("<!doctype html>");
    }

    @Test
    void the_kit_judges_by_single_rules() {
        Cli.Result result = cli.done("-s", "memory:", "tck", "--rules", "A-02,K", "--rounds", "1", "-o", "json");
        assertThat(result.out()).contains("\"A-02\"", "\"K-01\"").doesNotContain("\"A-01\"", "\"R-01\"");
        Cli.Result wrong = cli.run("-s", "memory:", "tck", "--rules", "A-02,Z-01");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("Z-01", "A (Append)");
    }

    @Test
    void the_kit_needs_a_store_that_opens() {
        assertThat(cli.run("-s", "nosuch:x", "tck").code()).isEqualTo(2);
        assertThat(cli.run("-s", "sqlite:" + folder.resolve("no/a.db"), "tck").code())
                .isEqualTo(5);
    }

    @Test
    void a_measurement_prints_figures_and_writes_them() throws IOException {
        String store = "sqlite:" + folder.resolve("bench.db") + "?unsafeSynchronous=off";
        Cli.Result result = cli.done(
                "bench",
                "--quick",
                "--stores",
                store,
                "--workloads",
                "append-1-by-1",
                "--out",
                folder.toString(),
                "-o",
                "table");
        assertThat(result.out()).contains("append-1-by-1", "appends/s", "The history checker found no broken rule.");
        assertThat(Files.readString(folder.resolve("bench.json"))).contains("\"sound\" : true");
        assertThat(Files.readString(folder.resolve("bench.txt"))).isEqualTo(result.out());
    }

    @Test
    void a_measurement_refuses_what_it_does_not_know() {
        assertThat(cli.run("bench", "--stores", "memory:", "--workloads", "nosuch")
                        .err())
                .contains("append-1-by-8");
        assertThat(cli.run("bench").err()).contains("no store given");
    }
}
