package dev.polylog.conformance.kurrentdb;

import dev.polylog.servers.kurrentdb.KurrentServer;
import dev.polylog.servers.kurrentdb.KurrentServers;
import dev.polylog.servers.kurrentdb.KurrentVersion;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code serve}: the protocol server as a process. For one run. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the protocol server on a free port of this machine and prints its URL; ends with the process.",
            "%nFor tests and comparisons of clients. It is no KurrentDB: no figure of it says anything of one.",
        })
final class ServeCommand implements Callable<Integer> {

    private final PrintStream out;

    @Option(
            names = "--as",
            paramLabel = "VERSION",
            defaultValue = "25.1",
            converter = VersionConverter.class,
            description = "Whose behaviour it shows: 23.10 or 25.1. Default: ${DEFAULT-VALUE}.")
    private @Nullable KurrentVersion version;

    @Option(names = "--file", paramLabel = "FILE", description = "Keep the data there. Default: in memory.")
    private @Nullable Path file;

    ServeCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        KurrentVersion shown = Objects.requireNonNull(version, "picocli gives the default");
        try (KurrentServer server = file == null ? KurrentServers.own(shown) : KurrentServers.durable(shown, file)) {
            out.println(server.url());
            out.flush();
            new CountDownLatch(1).await(); // until the process is ended
        }
        return 0;
    }
}
