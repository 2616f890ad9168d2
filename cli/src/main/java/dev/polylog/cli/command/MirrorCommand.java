package dev.polylog.cli.command;

import dev.polylog.StoreUnavailable;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Interrupted;
import dev.polylog.cli.shell.Shell;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.EventMirror;
import dev.polylog.spi.MirrorOpener;
import dev.polylog.spi.support.Backoff;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code polylog mirror}. For one run. */
@Command(
        name = "mirror",
        mixinStandardHelpOptions = true,
        description = {
            "Copies accepted events, in order and each once, to a place where those read them who know nothing of"
                    + " Polylog.",
            "%nWith kafka: stores: as CloudEvents (binary mode) to another topic on the same brokers, for consumers with"
                    + " isolation.level=read_committed. The target says by what it holds where to go on, so the command"
                    + " may be stopped at any moment and started again, also elsewhere. Of two at once the later one goes"
                    + " on.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  polylog -s kafka://localhost:9092/orders mirror --to orders.events",
            "  polylog -s kafka://localhost:9092/orders mirror --to orders.events --follow",
            "%nCtrl-C ends --follow.",
        })
public final class MirrorCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private final PolylogCommand polylog;
    private long copied;

    @Option(
            names = "--to",
            paramLabel = "TARGET",
            required = true,
            description = "Where to, with kafka: stores a topic; made with one partition where there is none.")
    private String target = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with each new event, and wait where the store is away.")
    private boolean follow;

    /**
     * For one run.
     *
     * @param polylog the options of all commands
     */
    public MirrorCommand(PolylogCommand polylog) {
        this.polylog = polylog;
    }

    @Override
    public Integer call() {
        BackendUrl url = BackendUrl.parse(polylog.storeUrl());
        try (EventMirror mirror = opener(url).openMirror(url, target)) {
            try {
                if (follow) {
                    follow(mirror);
                } else {
                    copy(mirror);
                }
            } finally {
                tell(mirror);
            }
        }
        return ExitCode.DONE;
    }

    private static MirrorOpener opener(BackendUrl url) {
        return PolylogCommand.power(url, MirrorOpener.class)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.UNSUPPORTED,
                        "the store \"" + url
                                + "\" has no mirror: that is for kafka: stores. Copy events by export, or subscribe"));
    }

    private void copy(EventMirror mirror) {
        int now;
        do {
            polylog.shell().interruption().check();
            now = mirror.copyNext(Duration.ZERO);
            copied += now;
        } while (now > 0);
    }

    private void follow(EventMirror mirror) {
        Shell shell = polylog.shell();
        int failures = 0;
        while (!shell.interruption().requested()) {
            try {
                copied += mirror.copyNext(PATIENCE);
                failures = 0;
            } catch (StoreUnavailable e) {
                Duration pause = PAUSES.delay(++failures);
                shell.say(e.getMessage() + "; tried again in " + pause.toSeconds() + " s");
                shell.interruption().await(pause);
            }
        }
        throw new Interrupted("");
    }

    private void tell(EventMirror mirror) {
        polylog.shell()
                .say(String.format(
                        Locale.ROOT,
                        "%,d events copied to %s, which holds all up to %s",
                        copied,
                        target,
                        mirror.position()));
    }
}
