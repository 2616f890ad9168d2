package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code polylog} itself: the options that all commands have. For one run. */
@Command(
        name = "polylog",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "An event store on the command line: append, read, follow, move and check events.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog demo",
            "  polylog -s sqlite:orders.db append Order-42 --type OrderPlaced --data '{\"total\":12}'",
            "  polylog -s sqlite:orders.db read Order-42",
            "  export POLYLOG_STORE=sqlite:orders.db; polylog tail -f",
        })
public final class PolylogCommand implements Runnable {

    private final Shell shell;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-s", "--store"},
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The store, for example sqlite:orders.db or memory:. Default: $POLYLOG_STORE.")
    private @Nullable String url;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show the stack trace of a failure; so does POLYLOG_DEBUG=1.")
    private boolean debug;

    /**
     * For one run.
     *
     * @param shell what the command talks to
     */
    public PolylogCommand(Shell shell) {
        this.shell = shell;
    }

    /** Called where no command is given. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /**
     * What commands talk to.
     *
     * @return the shell
     */
    Shell shell() {
        return shell;
    }

    /**
     * Whether stack traces are wanted.
     *
     * @return true if so
     */
    public boolean debug() {
        return debug || !shell.env().getOrDefault("POLYLOG_DEBUG", "").isEmpty();
    }

    /**
     * The URL of the store that is asked for.
     *
     * @return the option, else the environment variable
     * @throws CommandFailed if there is neither
     */
    String storeUrl() {
        String given = url == null ? shell.env().get("POLYLOG_STORE") : url;
        if (given == null || given.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.USAGE, "no store given: use -s URL or set POLYLOG_STORE, for example -s sqlite:orders.db");
        }
        return given;
    }

    /**
     * Opens the store that is asked for.
     *
     * @return the open store
     */
    EventStore openStore() {
        return EventStore.open(storeUrl());
    }
}
