package dev.polylog.servers;

/**
 * A server that a test talks to.
 *
 * <p>A test gets one from the package of a kind. Thread-safe.
 */
public interface TestServer extends AutoCloseable {

    /**
     * Where it listens; the same for the life of this object, also after a restart.
     *
     * @return the address
     */
    ServerAddress address();

    /**
     * Gives the server up: one that was started for the test ends and its data goes, one that was only addressed stays
     * as it is. Closing twice does nothing more.
     *
     * @throws ServerFailure if it does not end
     */
    @Override
    void close();
}
