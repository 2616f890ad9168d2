package dev.polylog.bench;

import dev.polylog.spi.BackendUrl;
import java.util.List;
import java.util.Set;

/**
 * Knows how a store is used through its plain driver. Found by {@link java.util.ServiceLoader}.
 *
 * <p>Implementations have a public constructor without parameters, hold no state and are thread-safe.
 */
public interface BaselineProvider {

    /**
     * The schemes of the store URLs that it knows a baseline for.
     *
     * @return for example {@code sqlite}
     */
    Set<String> schemes();

    /**
     * Opens every plain way to use the store that somebody may choose; all of them are measured, in turn with the store.
     *
     * @param url the store that is compared; its data is not touched
     * @param run tells this run's data from others; who opens the same run again, also in another process, shares it
     * @return the ways, as durable as the store; closing one removes its data
     * @throws Exception if one cannot be opened
     */
    List<Contender> open(BackendUrl url, String run) throws Exception;
}
