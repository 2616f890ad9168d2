package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    private final Cli cli = new Cli();

    @Test
    void the_help_names_every_command_and_exit_code() {
        String help = cli.done("--help").out();
        assertThat(help)
                .contains(
                        "demo",
                        "append",
                        "read",
                        "tail",
                        "import",
                        "export",
                        "mirror",
                        "verify",
                        "subscriptions",
                        "traits")
                .contains("completion", "help", "version conflict", "130", "interrupted", "POLYLOG_STORE");
        assertThat(cli.done("help").out()).isEqualTo(help);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "append",
                "read",
                "tail",
                "import",
                "export",
                "verify",
                "subscriptions",
                "subscriptions list",
                "subscriptions show",
                "subscriptions parked",
                "subscriptions replay",
                "subscriptions drop",
                "traits",
                "schema",
                "mirror",
                "completion",
                "tck",
                "bench"
            })
    void every_command_explains_itself_with_examples(String command) {
        String[] words = (command + " --help").split(" ");
        String help = cli.done(words).out();
        List<String> examples = help.substring(help.indexOf("Examples:"))
                .lines()
                .filter(line -> line.contains("polylog "))
                .toList();
        assertThat(examples).hasSizeBetween(2, 4).allMatch(line -> line.startsWith("  "));
        assertThat(examples).anyMatch(line -> line.contains(command));
        assertThat(help.lines()).allMatch(line -> line.length() <= 120);
        assertThat(help).contains("-s, --store=URL").doesNotContain("$ {", "${");
    }

    @Test
    void the_version_is_told() {
        assertThat(cli.done("--version").lines()).hasSize(2).first().asString().startsWith("polylog ");
    }

    @Test
    void the_completion_script_is_valid_for_bash(@TempDir Path folder) throws IOException, InterruptedException {
        Path script =
                Files.write(folder.resolve("polylog"), cli.done("completion").bytes());
        Process bash = new ProcessBuilder("bash", "-c", "source " + script + " && complete -p polylog")
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("_complete_polylog");
        assertThat(bash.exitValue()).isZero();
    }
}
