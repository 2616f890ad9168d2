package dev.polylog.cli.command;

import dev.polylog.cli.shell.ExitCode;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code polylog completion}. For one run. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that completes commands and options by the Tab key, for bash and zsh.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(polylog completion)                      this shell only; zsh too",
            "  polylog completion > ~/.local/share/bash-completion/completions/polylog",
        })
public final class CompletionCommand implements Callable<Integer> {

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public CompletionCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        polylog.shell().out().print(AutoComplete.bash("polylog", spec.root().commandLine()));
        polylog.shell().out().flush();
        return ExitCode.DONE;
    }
}
