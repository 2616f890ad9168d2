package dev.polylog.spi;

import dev.polylog.Position;
import java.time.Duration;

/**
 * Copies a log's events, in order and each once, to a target in the same store, which says by what it holds where to go on.
 *
 * <p>Implemented by backends that have a {@link MirrorOpener}; the command line drives it. For one thread.
 */
public interface EventMirror extends AutoCloseable {

    /**
     * Copies the next events, and waits a while for new ones where there are none. Where it fails because the store is away
     * it may be called again: it then looks anew at what the target holds.
     *
     * @param patience how long to wait for new events; zero to look only once
     * @return how many events were copied; 0 where the target holds everything
     * @throws dev.polylog.StoreUnavailable if the store is away; some events may have been copied, none twice
     * @throws dev.polylog.MirrorReplaced if another mirror has taken the target over; this one copies nothing any more
     * @throws dev.polylog.LogDiverged if the target holds what the log does not
     * @throws dev.polylog.IncompatibleLayout if the target holds something that is not of this log, or its end was deleted
     */
    int copyNext(Duration patience);

    /**
     * How far the target has come.
     *
     * @return the position of the last event that the target holds, as far as this mirror knows
     */
    Position position();

    /** Ends copying and frees everything. May be called twice. */
    @Override
    void close();
}
