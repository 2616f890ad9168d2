package dev.polylog.cli.command;

import dev.polylog.EventStore;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.spi.BackendProvider;
import dev.polylog.spi.BackendUrl;
import dev.polylog.spi.LogBackend;
import dev.polylog.tck.Unreachable;
import java.util.List;
import java.util.ServiceLoader;
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

    /**
     * The store at a URL.
     *
     * @param given the URL
     * @param nowhere a URL of the same kind that leads nowhere, or null where that is known
     */
    static JudgedStore at(String given, @Nullable String nowhere) {
        // A store in memory needs a name, so that all who open it get the same.
        BackendUrl url = BackendUrl.parse(given.equals("memory:") ? "memory:polylog-tck" : given);
        for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
            if (provider.schemes().contains(url.scheme())) {
                return new JudgedStore(provider, url, unreachable(url, nowhere));
            }
        }
        EventStore.open(given).close(); // says what is missing
        throw new IllegalStateException("no provider opens " + url + ", but the store opens");
    }

    private static Unreachable unreachable(BackendUrl url, @Nullable String nowhere) {
        if (nowhere != null) {
            return new Unreachable.At(nowhere, BackendUrl.parse(nowhere).address(), List.of());
        }
        return switch (url.scheme()) {
            case "memory" -> new Unreachable.Never("it lives in this process");
            case "sqlite" -> new Unreachable.At("sqlite:" + NOWHERE, NOWHERE, List.of());
            default ->
                throw new CommandFailed(
                        ExitCode.USAGE,
                        "rule L-04 needs an address of this kind of store at which nothing is: name one by --unreachable URL");
        };
    }

    LogBackend open() {
        return provider.open(url);
    }
}
