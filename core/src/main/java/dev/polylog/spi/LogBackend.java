package dev.polylog.spi;

/**
 * A log of events in some store: the whole of what a backend implements, together with {@link CellStore}.
 *
 * <p>Core calls it; nobody else needs to. Implementations are thread-safe and blocking. Failures: a
 * {@link dev.polylog.StoreUnavailable} means that nothing was written; a
 * {@link dev.polylog.AppendOutcomeUnknown} that it cannot be told; after {@link #close()} every call throws
 * {@link dev.polylog.StoreClosed} (rules A-05, L-03). No call is retried by a driver behind the backend's back.
 */
public interface LogBackend extends AutoCloseable {

    /**
     * Writes all of a command's events, or none (rules, I-01 to I-06).
     *
     * <p>In this order: an exact repeat is answered with the first result (I-06), then partial duplicates are refused
     * (I-03), then expectations are compared, then the events are written.
     *
     * @param command what to write and what must hold; valid, and within the limits and powers of {@link #traits()}
     * @return what became of it
     * @throws dev.polylog.AppendOutcomeUnknown if it cannot be told whether the events were written
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached; nothing was written
     */
    AppendOutcome append(AppendCommand command);

    /**
     * Reads one page of a stream (rules ).
     *
     * @param read where to begin, which way, how much
     * @return the page; empty with version 0 for a stream without events
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached
     */
    StreamSlice readStream(StreamRead read);

    /**
     * Reads one page of everything (rules G-01 to G-06).
     *
     * @param read where to begin, which way, how much, which events
     * @return the page and the position up to which the log was looked at
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached
     */
    LogSlice readAll(LogRead read);

    /**
     * Asks to be told when the log may have grown (rules N-01, N-02).
     *
     * <p>The listener is called on a thread of the backend, must return quickly and must not throw. Calls may be lost,
     * late, merged or spurious; they must not be caused by cells (rule K-03).
     *
     * @param listener what to call
     * @return closes the registration; no call begins after that has returned
     */
    Registration signal(Runnable listener);

    /**
     * Which log this is, and how far it can be seen (rules G-08, S-10). Asks the store, never a cache that may be stale.
     *
     * @return the log's identity and watermark
     * @throws dev.polylog.StoreUnavailable if the store cannot be reached
     */
    LogStatus status();

    /**
     * The cells that live beside the log.
     *
     * @return the same object at every call
     */
    CellStore cells();

    /**
     * What this backend promises and where its limits are. Never changes while it is open and needs no connection.
     *
     * @return the traits
     */
    BackendTraits traits();

    /**
     * Ends what is in flight, either way, within {@link BackendTraits#closeBound()} and frees everything. May be called
     * again (rule L-03).
     */
    @Override
    void close();
}
