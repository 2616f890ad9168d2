package dev.polylog.spi;

import java.util.List;

/**
 * An optional power of a {@link BackendProvider}: it can say what {@link BackendProvider#open} would create, for those
 * who run migrations themselves.
 *
 * <p>Implemented by the provider itself. Needs no connection. Thread-safe.
 */
public interface SchemaPrinter {

    /**
     * The forms in which it can be said.
     *
     * @return at least one; the first is the usual one
     */
    List<String> forms();

    /**
     * What the store needs, as a script that the store's own tools run.
     *
     * @param url where, with one of the provider's schemes; names such as the schema are taken from its options
     * @param form one of {@link #forms()}
     * @return the script, complete and without secrets
     * @throws dev.polylog.InvalidStoreUrl if the URL cannot be used; lists every mistake
     * @throws IllegalArgumentException if the form is not known
     */
    String schema(BackendUrl url, String form);
}
