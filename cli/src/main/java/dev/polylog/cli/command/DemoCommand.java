package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.StreamId;
import dev.polylog.cli.demo.OrderStory;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Output;
import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code polylog demo}. For one run. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Tells the story of an order, with all that an event store is for.",
            "%nAppends, a conflict and its retry, an idempotent repeat, a live subscription with a read model, an earlier"
                    + " version. Without -s the store is the file polylog-demo.db in this folder; POLYLOG_STORE is left"
                    + " alone. Can be run again: each run is another order.",
        },
        footerHeading = "%nExamples:%n",
        footer = {"  polylog demo", "  polylog -s memory: demo"})
public final class DemoCommand implements Callable<Integer> {

    private static final String DEMO_STORE = "sqlite:polylog-demo.db";

    private final PolylogCommand polylog;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public DemoCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        Output out = polylog.shell().out();
        String url = polylog.storeOption().orElse(DEMO_STORE);
        out.println("The story of an order, in the store " + BackendUrl.parse(url) + "\n");
        try (EventStore store = EventStore.open(url)) {
            StreamId order = new OrderStory(store, out::println).tell();
            if (!BackendUrl.parse(url).scheme().equals("memory")) {
                out.println("\nNow it is yours:");
                String begin = "  " + PolylogCommand.invocation() + " -s " + quoted(url) + " ";
                suggestions(order, store.version(order)).forEach(command -> out.println(begin + command));
            }
        }
        out.flush();
        return ExitCode.DONE;
    }

    private static String quoted(String url) {
        return url.matches("[A-Za-z0-9:._/=-]+") ? url : "'" + url.replace("'", "'\\''") + "'";
    }

    private static List<String> suggestions(StreamId order, long version) {
        return List.of(
                "read " + order,
                "read " + order + " --to 3 -o ndjson",
                "append " + order + " --type OrderShipped --data '{\"by\":\"bike\"}' --expect " + version,
                "tail --category Order --last 5",
                "verify");
    }
}
