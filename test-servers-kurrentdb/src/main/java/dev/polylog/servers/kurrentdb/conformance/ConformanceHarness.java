package dev.polylog.servers.kurrentdb.conformance;

/** Which server is judged. Implemented by a test class that holds the chapters. */
public interface ConformanceHarness {

    /**
     * The server's connection string.
     *
     * @return the same at every call; the log behind it may be shared and need not be empty
     */
    String url();
}
