package dev.polylog.servers.kurrentdb;

import dev.polylog.servers.TestServer;

/** A KurrentDB that a test talks to, whatever it is. Thread-safe. */
public interface KurrentTarget extends TestServer {

    /**
     * The connection string, as users of KurrentDB know it.
     *
     * @return for example {@code kurrentdb://127.0.0.1:2113?tls=false}; may hold a password
     */
    String url();
}
