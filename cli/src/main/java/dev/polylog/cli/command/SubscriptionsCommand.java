package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.cli.format.Report;
import dev.polylog.cli.format.ReportFormat;
import dev.polylog.cli.format.ReportTable;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Shell;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.Subscriptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code polylog subscriptions} and its own commands. For one run. */
@Command(
        name = "subscriptions",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Looks after durable subscriptions: how far they got, and the events they have parked.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog subscriptions list",
            "  polylog subscriptions parked invoices",
            "  polylog subscriptions replay invoices 1207 1311",
            "  polylog subscriptions reset invoices --to head",
        })
public final class SubscriptionsCommand implements Runnable {

    private static final String FORMATS = "${COMPLETION-CANDIDATES}. Default: table on a terminal, json in a pipe.";

    private final PolylogCommand polylog;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public SubscriptionsCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    /** Called where none of its commands is given. */
    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: list, show, parked, replay, drop or reset");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all that ever saved a checkpoint or parked an event.",
            footerHeading = "%nExamples:%n",
            footer = {"  polylog subscriptions list", "  polylog subscriptions list -o json | jq -r .name"})
    int list(
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            description = FORMATS)
                    @Nullable
                    ReportFormat format) {
        try (EventStore store = polylog.openExistingStore()) {
            Subscriptions subscriptions = store.subscriptions();
            ReportTable table = table(format, "NAME", "POSITION", "PARKED");
            for (String name : subscriptions.names()) {
                table.row(new Report()
                        .add("name", name)
                        .add("position", position(subscriptions.checkpoint(name)))
                        .add("parked", subscriptions.parked(name).size()));
            }
            table.finish();
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows how far one got.",
            footerHeading = "%nExamples:%n",
            footer = {"  polylog subscriptions show invoices", "  polylog subscriptions show invoices -o json"})
    int show(
            @Parameters(paramLabel = "NAME", description = "The durable name.") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            description = FORMATS)
                    @Nullable
                    ReportFormat format) {
        try (EventStore store = polylog.openExistingStore()) {
            Subscriptions subscriptions = known(store, name);
            Optional<Checkpoint> checkpoint = subscriptions.checkpoint(name);
            Position done = checkpoint.map(Checkpoint::position).orElse(Position.START);
            List<ParkedEvent> parked = subscriptions.parked(name);
            new Report()
                    .add("name", name)
                    .add("position", position(checkpoint))
                    .add("head", store.watermark().position())
                    .add(
                            "atHead",
                            store.readAll(ReadOptions.all().after(done).limit(1).pageSize(1))
                                    .first()
                                    .isEmpty())
                    .add("parked", parked.size())
                    .add("toBeReplayed", (int)
                            parked.stream().filter(ParkedEvent::replayRequested).count())
                    .add(
                            "lastEvent",
                            checkpoint
                                    .map(Checkpoint::lastEventId)
                                    .map(Object::toString)
                                    .orElse("none"))
                    .add(
                            "log",
                            checkpoint
                                    .map(c -> c.logId() + ", epoch " + c.epoch())
                                    .orElse("unknown"))
                    .print(
                            polylog.shell(),
                            ReportFormat.orDefault(format, polylog.shell().terminal()));
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "parked",
            mixinStandardHelpOptions = true,
            description = "Lists the events that one has put aside because its handler failed.",
            footerHeading = "%nExamples:%n",
            footer = {"  polylog subscriptions parked invoices", "  polylog subscriptions parked invoices -o json"})
    int parked(
            @Parameters(paramLabel = "NAME", description = "The durable name.") String name,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FORMAT",
                            description = FORMATS)
                    @Nullable
                    ReportFormat format) {
        try (EventStore store = polylog.openExistingStore()) {
            ReportTable table = table(format, "POSITION", "STREAM", "VERSION", "EVENT", "PARKED", "REPLAY", "ERROR");
            for (ParkedEvent event : known(store, name).parked(name)) {
                table.row(new Report()
                        .add("position", event.position())
                        .add("stream", event.stream())
                        .add("version", event.version())
                        .add("eventId", event.eventId())
                        .add("parkedAt", event.parkedAt())
                        .add("replayRequested", event.replayRequested())
                        .add("error", event.error()));
            }
            table.finish();
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "replay",
            mixinStandardHelpOptions = true,
            description =
                    "Asks for parked events to be handled again, by the running subscription soon, else by the next"
                            + " one of that name. Earlier parked events of the same streams are asked for as well.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog subscriptions replay invoices 1207 1311",
                "  polylog subscriptions replay invoices --all-parked",
            })
    int replay(
            @Parameters(index = "0", paramLabel = "NAME", description = "The durable name.") String name,
            @Parameters(index = "1..*", paramLabel = "POSITION", description = "Which events.") @Nullable
                    List<String> positions,
            @Option(names = "--all-parked", description = "All of them.") boolean all) {
        Position[] wanted = positions(positions, all);
        try (EventStore store = polylog.openExistingStore()) {
            return done(known(store, name).replay(name, wanted), "asked for");
        }
    }

    @Command(
            name = "drop",
            mixinStandardHelpOptions = true,
            description = "Gives parked events up: they will never be handled under this name. They stay in the log.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog subscriptions drop invoices 1207",
                "  polylog subscriptions drop invoices --all-parked",
            })
    int drop(
            @Parameters(index = "0", paramLabel = "NAME", description = "The durable name.") String name,
            @Parameters(index = "1..*", paramLabel = "POSITION", description = "Which events.") @Nullable
                    List<String> positions,
            @Option(names = "--all-parked", description = "All of them.") boolean all) {
        Position[] wanted = positions(positions, all);
        try (EventStore store = polylog.openExistingStore()) {
            return done(known(store, name).drop(name, wanted), "dropped");
        }
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            description = "Sets the checkpoint anew, for example after the store was restored from a backup. One that"
                    + " runs stops, and begins there when it is started again. Parked events stay parked.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  polylog subscriptions reset invoices --to beginning",
                "  polylog subscriptions reset invoices --to head",
                "  polylog subscriptions reset invoices --to 1207",
            })
    int reset(
            @Parameters(paramLabel = "NAME", description = "The durable name.") String name,
            @Option(
                            names = "--to",
                            required = true,
                            paramLabel = "PLACE",
                            description = "beginning: handle everything again. head: handle only what comes from now"
                                    + " on. A position: go on after it.")
                    String to) {
        StartFrom from = place(to);
        try (EventStore store = polylog.openExistingStore()) {
            Checkpoint checkpoint = known(store, name).reset(name, from);
            polylog.shell().say(name + " goes on after position " + checkpoint.position());
            return ExitCode.DONE;
        }
    }

    private static StartFrom place(String to) {
        return switch (to) {
            case "beginning" -> StartFrom.beginning();
            case "head" -> StartFrom.head();
            default -> StartFrom.after(Position.parse(to));
        };
    }

    private int done(int events, String verb) {
        polylog.shell().say(String.format(Locale.ROOT, "%,d events %s", events, verb));
        return events == 0 ? ExitCode.NOT_FOUND : ExitCode.DONE;
    }

    private Position[] positions(@Nullable List<String> given, boolean all) {
        List<Position> positions = new ArrayList<>();
        for (String text : given == null ? List.<String>of() : given) {
            positions.add(Position.parse(text));
        }
        if (all == !positions.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "name the positions of parked events, or all of them with --all-parked");
        }
        return positions.toArray(new Position[0]);
    }

    private static Subscriptions known(EventStore store, String name) {
        Subscriptions subscriptions = store.subscriptions();
        if (!subscriptions.names().contains(name)) {
            throw new CommandFailed(
                    ExitCode.NOT_FOUND, "no durable subscription \"" + name + "\" has left anything in this store");
        }
        return subscriptions;
    }

    private static String position(Optional<Checkpoint> checkpoint) {
        return checkpoint.map(c -> c.position().toString()).orElse("none");
    }

    private ReportTable table(@Nullable ReportFormat format, String... headers) {
        Shell shell = polylog.shell();
        return new ReportTable(shell, ReportFormat.orDefault(format, shell.terminal()), List.of(headers));
    }
}
