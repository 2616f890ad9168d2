package dev.polylog.servers;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * The verbs of a server that runs for the test: which fits which state, one after another.
 *
 * <p>For kinds of servers: a kind says how to do each step. Thread-safe; the steps are called under one lock.
 */
public abstract class GuardedServer implements ControlledServer {

    private static final Duration START = Duration.ofSeconds(60);

    private ServerState state = ServerState.STOPPED;

    /** A server that has not been started; {@link #restart()} does. */
    protected GuardedServer() {}

    /**
     * Starts a server for the first time. One that does not start is closed, so that nothing of it is left.
     *
     * @param <S> the kind
     * @param server the server
     * @return the same, running
     * @throws ServerFailure if it does not start
     */
    protected static <S extends GuardedServer> S started(S server) {
        return started(server, asItIs -> {});
    }

    /**
     * Prepares a server and starts it for the first time. One that does not start is closed, so that nothing of it is left.
     *
     * @param <S> the kind
     * @param server the server
     * @param preparing what has to be done before
     * @return the same, running
     * @throws ServerFailure if it does not start
     */
    protected static <S extends GuardedServer> S started(S server, Consumer<? super S> preparing) {
        try {
            preparing.accept(server);
            server.restart();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Starts the server on its data at its address, and returns without waiting until it serves. */
    protected abstract void begin();

    /** Ends the running server in order, and waits until it has ended. */
    protected abstract void end();

    /** Kills the running or paused server and waits until nothing of it runs. */
    protected abstract void die();

    /** Stops all of the running server where it is. */
    protected abstract void freeze();

    /** Lets the paused server go on. */
    protected abstract void thaw();

    /** Removes what a server without a process has left. */
    protected abstract void discard();

    /**
     * Whether the server has not ended by itself.
     *
     * @return false if nothing of it runs any more
     */
    protected abstract boolean alive();

    /**
     * Whether the server answers; asked again and again while it starts.
     *
     * @return true as soon as a client would be served
     */
    protected abstract boolean serves();

    /**
     * The last lines that the server wrote.
     *
     * @return some lines for a message
     */
    protected abstract String logTail();

    @Override
    public final synchronized ServerState state() {
        return state;
    }

    @Override
    public final synchronized void stop() {
        require("stop", ServerState.RUNNING);
        end();
        state = ServerState.STOPPED;
    }

    @Override
    public final synchronized void kill() {
        require("kill", ServerState.RUNNING, ServerState.PAUSED);
        die();
        state = ServerState.STOPPED;
    }

    @Override
    public final synchronized void pause() {
        require("pause", ServerState.RUNNING);
        freeze();
        state = ServerState.PAUSED;
    }

    @Override
    public final synchronized void resume() {
        require("resume", ServerState.PAUSED);
        thaw();
        state = ServerState.RUNNING;
    }

    @Override
    public final synchronized void restart() {
        require("restart", ServerState.RUNNING, ServerState.PAUSED, ServerState.STOPPED);
        if (state == ServerState.PAUSED) {
            resume();
        }
        if (state == ServerState.RUNNING) {
            stop();
        }
        begin();
        state = ServerState.RUNNING;
        Await.until(START, this::served, () -> "the server at " + address() + " does not serve" + logEnd());
    }

    @Override
    public final synchronized void close() {
        if (state == ServerState.CLOSED) {
            return;
        }
        if (state != ServerState.STOPPED) {
            kill();
        }
        state = ServerState.CLOSED;
        discard();
    }

    /** The kind, where it listens and how it is. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + " at " + address() + ", " + state();
    }

    private boolean served() {
        if (!alive()) {
            throw new ServerFailure("the server at " + address() + " ended while starting" + logEnd());
        }
        return serves();
    }

    private String logEnd() {
        return "; its log ends with\n" + logTail() + "\n";
    }

    private void require(String verb, ServerState... fitting) {
        if (!List.of(fitting).contains(state)) {
            throw new IllegalStateException("cannot " + verb + " the server at " + address() + ": it is " + state
                    + ", expected one of " + List.of(fitting));
        }
    }
}
