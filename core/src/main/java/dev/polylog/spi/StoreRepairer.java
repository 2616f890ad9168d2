package dev.polylog.spi;

/**
 * An optional power of a {@link BackendProvider}: it can make a store usable whose end is broken, as after a restore from a
 * backup that was taken in the middle of writes.
 *
 * <p>Implemented by the provider itself; called by the command line. What is acknowledged and whole stays; the epoch becomes
 * another one, so that durable subscriptions notice (rule S-10). <em>Nobody may write meanwhile.</em> Thread-safe. Failures:
 * {@link dev.polylog.StoreUnavailable} where the store cannot be reached, after which it may be called again;
 * {@link dev.polylog.IncompatibleLayout} where what is there is no log, or a permission is missing.
 */
public interface StoreRepairer {

    /**
     * Says what {@link #repair} would do, and changes nothing.
     *
     * @param url where, with one of the provider's schemes; nothing is made there
     * @return what would be
     * @throws dev.polylog.InvalidStoreUrl if the URL cannot be used; lists every mistake
     */
    RepairReport examine(BackendUrl url);

    /**
     * Repairs the store.
     *
     * @param url where, with one of the provider's schemes; nothing is made there
     * @return what is now
     * @throws dev.polylog.InvalidStoreUrl if the URL cannot be used; lists every mistake
     */
    RepairReport repair(BackendUrl url);
}
