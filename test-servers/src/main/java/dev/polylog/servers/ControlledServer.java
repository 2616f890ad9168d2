package dev.polylog.servers;

/**
 * A server that runs on this machine for the test, and that the test may therefore mistreat.
 *
 * <p>Every verb returns when its effect is there. A verb that does not fit the state is an
 * {@link IllegalStateException} that names the state. Thread-safe; verbs of one server run one after another.
 */
public interface ControlledServer extends TestServer {

    /**
     * What the server was last told to be.
     *
     * @return the state
     */
    ServerState state();

    /**
     * Ends a running server in order: it disconnects its clients and writes out what it holds.
     *
     * @throws ServerFailure if it does not end in time
     */
    void stop();

    /**
     * Ends a running or paused server and all of its child processes at once with SIGKILL.
     *
     * @throws ServerFailure if a process is left
     */
    void kill();

    /**
     * Stops all processes of a running server where they are (SIGSTOP): connections stay open, nobody is answered.
     *
     * @throws ServerFailure if the processes do not stop
     */
    void pause();

    /**
     * Lets a paused server go on (SIGCONT).
     *
     * @throws ServerFailure if the processes do not go on
     */
    void resume();

    /**
     * Starts the server again on the same data at the same address; a running or paused one is stopped in order before.
     * Returns when it serves.
     *
     * @throws ServerFailure if it does not start; the message ends with the last lines of its log
     */
    void restart();
}
