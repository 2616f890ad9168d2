package dev.polylog.cli.command;

import dev.polylog.spi.BackendProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * URLs of stores, separated by commas. A URL that names several hosts has commas itself, as in
 * {@code kafka://one:9092,two:9092/orders}; they belong to it.
 *
 * <p>Stateless and thread-safe.
 */
final class StoreList {

    private static final Pattern HOSTS_SO_FAR = Pattern.compile("[^/]+://[^/?#]*");

    private StoreList() {}

    /**
     * The URLs of a list.
     *
     * @param text the list, for example {@code sqlite:a.db,memory:}
     * @return the URLs, in order; not looked at any further
     */
    static List<String> parse(String text) {
        Set<String> schemes = ServiceLoader.load(BackendProvider.class).stream()
                .flatMap(provider -> provider.get().schemes().stream())
                .collect(Collectors.toSet());
        List<String> urls = new ArrayList<>();
        for (String piece : text.split(",", -1)) {
            int last = urls.size() - 1;
            if (last >= 0 && HOSTS_SO_FAR.matcher(urls.get(last)).matches() && !begins(piece, schemes)) {
                urls.set(last, urls.get(last) + "," + piece);
            } else {
                urls.add(piece);
            }
        }
        return urls;
    }

    private static boolean begins(String piece, Set<String> schemes) {
        return piece.contains("://") || schemes.stream().anyMatch(scheme -> piece.startsWith(scheme + ":"));
    }
}
