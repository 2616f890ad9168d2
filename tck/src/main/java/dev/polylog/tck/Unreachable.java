package dev.polylog.tck;

import java.util.List;

/**
 * A place at which a store of the judged kind cannot be reached (rule L-04).
 *
 * <p>Immutable and thread-safe.
 */
public sealed interface Unreachable {

    /**
     * A URL that is understood but leads nowhere.
     *
     * @param url the URL
     * @param address what the failure's message must name, for example host and port, or the file
     * @param secrets what no message may show, for example the password in the URL
     */
    record At(String url, String address, List<String> secrets) implements Unreachable {

        /** Copies the list. */
        public At {
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * The store lives in the process and is always there; only a volatile one may say so.
     *
     * @param reason why, for people
     */
    record Never(String reason) implements Unreachable {}
}
