package dev.polylog.cli.command;

import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.SchemaPrinter;
import java.util.ServiceLoader;
import picocli.CommandLine.Command;

/** {@code polylog schema}. For one run. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "For those who run migrations themselves: what a store needs to hold a log.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s 'postgresql://db.example/app?schema=orders' schema print > V1__orders.sql",
            "  polylog -s postgresql://localhost/app schema print | psql app"
        })
public final class SchemaCommand {

    private final PolylogCommand polylog;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public SchemaCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    /**
     * Prints the script that makes the tables; nothing is opened.
     *
     * @return the exit code
     */
    @Command(
            name = "print",
            mixinStandardHelpOptions = true,
            description = "Prints the script that opening the store would run. The store is not contacted.")
    public int print() {
        BackendUrl url = BackendUrl.parse(polylog.storeUrl());
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(url.scheme()) && provider instanceof SchemaPrinter printer) {
                polylog.shell().out().print(printer.schema(url));
                return ExitCode.DONE;
            }
        }
        throw new CommandFailed(
                ExitCode.UNSUPPORTED,
                "the store \"" + url + "\" has no schema to print: it is made when the store is opened");
    }
}
