package dev.polylog.spi;

import java.util.Set;

/**
 * How a backend is found: named in {@code META-INF/services}, asked for its URL schemes, told to open.
 *
 * <p>Implementations have a public constructor without parameters, hold no state and are thread-safe.
 */
public interface BackendProvider {

    /**
     * The schemes of the URLs that this backend opens.
     *
     * @return for example {@code sqlite}
     */
    Set<String> schemes();

    /**
     * Opens a log, preparing what is needed there (rule L-01).
     *
     * @param url where, with one of {@link #schemes()}
     * @return the open backend
     * @throws dev.polylog.InvalidStoreUrl if the URL cannot be used; lists every mistake
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached; names address and cause, no secret (rule L-04)
     * @throws dev.polylog.IncompatibleLayout if what is there cannot be used
     */
    LogBackend open(BackendUrl url);
}
