package dev.polylog.spi;

/**
 * An optional power of a {@link BackendProvider}: it can say what {@link BackendProvider#open} would create, for those
 * who run migrations themselves.
 *
 * <p>Implemented by the provider itself. Needs no connection. Thread-safe.
 */
public interface SchemaPrinter {

    /**
     * What the store needs, as a script that the store's own tools run.
     *
     * @param url where, with one of the provider's schemes; names such as the schema are taken from its options
     * @return the script, complete and without secrets
     * @throws dev.polylog.InvalidStoreUrl if the URL cannot be used; lists every mistake
     */
    String schema(BackendUrl url);
}
