package dev.polylog.tck;

import dev.polylog.EventStore;
import dev.polylog.spi.LogBackend;

/**
 * An open handle on the judged log: what another process would have.
 *
 * <p>Thread-safe. Closing the store closes the backend.
 *
 * @param backend the backend, with every call checked and every append noted for the audit
 * @param store the store over it
 */
public record Handle(LogBackend backend, EventStore store) {}
