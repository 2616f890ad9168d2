package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.Unreachable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A store for the kit: opened as often as the kit wants, below the layer that applications use.
 *
 * <p>Immutable and thread-safe.
 *
 * @param provider opens it
 * @param url where it is
 * @param unreachable where such a store cannot be reached
 */
record JudgedStore(BackendProvider provider, BackendUrl url, Unreachable unreachable) {

    private static final String NOWHERE = ".no-such-folder/polylog.db";
    private static final String NOBODY = "127.0.0.1:1";

    /** Scheme, without the wish to look for nodes; user, password, hosts and ports. */
    private static final Pattern SERVER = Pattern.compile("^([a-z:]+)(?:\\+discover)?://[^/?#]*");

    private static final Pattern HOSTS = Pattern.compile("^[a-z:+]+://(?:[^/?#]*@)?([^/?#@]+)");

    /** Where a service's address is an option. */
    private static final Pattern ENDPOINT = Pattern.compile("([?&]endpoint=)[^&#]*");

    /**
     * The store at a URL.
     *
     * @param given the URL
     * @param nowhere a URL of the same kind that leads nowhere, or null to make one
     */
    static JudgedStore at(String given, @Nullable String nowhere) {
        // A store in memory needs a name, so that all who open it get the same.
        BackendUrl url = BackendUrl.parse(given.equals("memory:") ? "memory:polylog-tck" : given);
        Optional<BackendProvider> provider = PolylogCommand.power(url, BackendProvider.class);
        if (provider.isPresent()) {
            return new JudgedStore(provider.get(), url, unreachable(url, given, nowhere));
        }
        EventStore.open(given).close(); // says what is missing
        throw new IllegalStateException("no provider opens " + url + ", but the store opens");
    }

    private static Unreachable unreachable(BackendUrl url, String given, @Nullable String nowhere) {
        if (nowhere != null) {
            return new Unreachable.At(nowhere, place(nowhere), List.of());
        }
        return switch (url.scheme()) {
            case "memory" -> new Unreachable.Never("it lives in this process");
            case "sqlite" -> new Unreachable.At("sqlite:" + NOWHERE, NOWHERE, List.of());
            default -> new Unreachable.At(elsewhere(given), NOBODY, List.of());
        };
    }

    /** What a message must name: the hosts, or the file. */
    private static String place(String nowhere) {
        Matcher server = HOSTS.matcher(nowhere);
        return server.find() ? server.group(1) : BackendUrl.parse(nowhere).address();
    }

    /** The same kind of store at a port of this machine at which nobody listens. */
    private static String elsewhere(String given) {
        if (ENDPOINT.matcher(given).find()) {
            return ENDPOINT.matcher(given).replaceFirst("$1http://" + NOBODY);
        }
        Matcher server = SERVER.matcher(given);
        if (!server.find()) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "rule L-04 needs an address of this kind of store at which nothing is: name one by --unreachable URL");
        }
        return server.replaceFirst("$1://" + NOBODY);
    }

    LogBackend open() {
        return provider.open(url);
    }
}
