package dev.polylog.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    /** All that the help names, and what their help names in turn. */
    static List<String> commands() {
        List<String> all = commandsOf("");
        all.remove("help");
        List<String> nested = all.stream()
                .flatMap(command -> commandsOf(command).stream().map(below -> command + " " + below))
                .toList();
        assertThat(nested).contains("subscriptions list", "schema print", "study delivery");
        all.addAll(nested);
        return all;
    }

    private static List<String> commandsOf(String command) {
        String help = new Cli().done((command + " --help").trim().split(" ")).out();
        List<String> names = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^  ([a-z]+) ").matcher(help);
        int from = help.indexOf("Commands:");
        while (from >= 0 && line.find(from)) {
            names.add(line.group(1));
            from = line.end();
        }
        names.removeIf("polylog"::equals);
        return names;
    }

    @ParameterizedTest
    @MethodSource("commands")
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
