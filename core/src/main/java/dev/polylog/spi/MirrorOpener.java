package dev.polylog.spi;

/**
 * An optional power of a {@link BackendProvider}: its store can copy accepted events, in order, to a place where those who
 * know nothing of Polylog read them.
 *
 * <p>Implemented by the provider itself. Thread-safe.
 */
public interface MirrorOpener {

    /**
     * Opens a log for copying, and takes nothing over yet.
     *
     * @param url which log, with one of the provider's schemes
     * @param target the name of the place in the same store that the events go to
     * @return the open mirror
     * @throws dev.polylog.InvalidStoreUrl if the URL or the target's name cannot be used; lists every mistake
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached; names address and cause, no secret
     * @throws dev.polylog.IncompatibleLayout if the log or the target cannot be used
     */
    EventMirror openMirror(BackendUrl url, String target);
}
