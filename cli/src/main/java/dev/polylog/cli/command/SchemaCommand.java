package dev.polylog.cli.command;

import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.SchemaPrinter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
     * Prints the script that makes what the store needs; nothing is opened.
     *
     * @param form the form that is wanted, where there are several
     * @return the exit code
     */
    @Command(
            name = "print",
            mixinStandardHelpOptions = true,
            description = "Prints the script that does what opening the store would do. The store is not contacted.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog -s postgresql://localhost/app schema print | psql app",
                "  polylog -s dynamodb://eu-central-1/events schema print --form terraform > events.tf"
            })
    public int print(
            @Option(
                            names = "--form",
                            paramLabel = "FORM",
                            description = "sql for PostgreSQL; cloudformation (default) or terraform for DynamoDB.")
                    @Nullable
                    String form) {
        BackendUrl url = BackendUrl.parse(polylog.storeUrl());
        SchemaPrinter printer = PolylogCommand.power(url, SchemaPrinter.class)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.UNSUPPORTED,
                        "the store \"" + url + "\" has no schema to print: it is made when the store is opened"));
        String wanted = form == null ? printer.forms().get(0) : form;
        if (!printer.forms().contains(wanted)) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "--form " + wanted + ": expected " + String.join(" or ", printer.forms()) + " for this store");
        }
        polylog.shell().out().print(printer.schema(url, wanted));
        return ExitCode.DONE;
    }
}
