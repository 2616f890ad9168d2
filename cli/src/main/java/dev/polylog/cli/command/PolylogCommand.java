package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
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
     * The store that the command line names, whatever the environment says.
     *
     * @return the option
     */
    Optional<String> storeOption() {
        return Optional.ofNullable(url);
    }

    /**
     * How this program was called, for commands to be copied.
     *
     * @return what to type before the options
     */
    static String invocation() {
        return System.getProperty("polylog.command", "polylog");
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
     * Opens the store that is asked for, making it where it is not there yet.
     *
     * @return the open store
     */
    EventStore openStore() {
        return EventStore.open(storeUrl());
    }

    /**
     * Opens the store that is asked for, for a command that would find nothing in a new one: a misspelt file name makes
     * no file.
     *
     * @return the open store
     * @throws CommandFailed if it is a file that is not there
     */
    EventStore openExistingStore() {
        BackendUrl parsed = BackendUrl.parse(storeUrl());
        if (parsed.scheme().equals("sqlite") && !parsed.address().startsWith(":") && isMissing(parsed.address())) {
            throw new CommandFailed(
                    ExitCode.NOT_FOUND, "there is no file " + parsed.address() + "; append or import makes one");
        }
        return openStore();
    }

    /**
     * What a backend can do beside opening a store.
     *
     * @param url the store
     * @param power what is wanted
     * @return the provider of the store's backend, where it has that power
     */
    static <T> Optional<T> power(BackendUrl url, Class<T> power) {
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(url.scheme()) && power.isInstance(provider)) {
                return Optional.of(power.cast(provider));
            }
        }
        return Optional.empty();
    }

    private static boolean isMissing(String file) {
        try {
            return !file.isEmpty() && Files.notExists(Path.of(file));
        } catch (InvalidPathException e) {
            return false; // the backend says better what is wrong
        }
    }
}
