package dev.polylog.servers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verbs of a server that runs as a process of its own below this JVM.
 *
 * <p>For kinds of servers: a kind says which command starts it, on which signal it ends in order, and how to see that it
 * serves. Thread-safe; verbs run one after another.
 */
public abstract class ProcessServer implements ControlledServer {

    private static final Duration START = Duration.ofSeconds(60);

    private final ServerFolder folder;
    private final String endSignal;
    private @Nullable ServerProcess process;
    private ServerState state = ServerState.STOPPED;

    /**
     * A server that has not been started; {@link #restart()} does.
     *
     * @param folder where its data and its log lie
     * @param endSignal the name of the signal on which it ends in order, such as INT
     */
    protected ProcessServer(ServerFolder folder, String endSignal) {
        this.folder = folder;
        this.endSignal = endSignal;
    }

    /**
     * What starts the server, on its data at its address.
     *
     * @return a program by its whole path, and its arguments
     */
    protected abstract List<String> command();

    /**
     * Whether the server answers; asked every few milliseconds while it starts.
     *
     * @return true as soon as a client would be served
     */
    protected abstract boolean serves();

    /**
     * Where the server's data and its log lie.
     *
     * @return the folder, removed by {@link #close()}
     */
    protected final ServerFolder folder() {
        return folder;
    }

    @Override
    public final synchronized ServerState state() {
        return state;
    }

    @Override
    public final synchronized void stop() {
        running("stop", ServerState.RUNNING).end(endSignal);
        state = ServerState.STOPPED;
    }

    @Override
    public final synchronized void kill() {
        running("kill", ServerState.RUNNING, ServerState.PAUSED).kill();
        state = ServerState.STOPPED;
    }

    @Override
    public final synchronized void pause() {
        running("pause", ServerState.RUNNING).pause();
        state = ServerState.PAUSED;
    }

    @Override
    public final synchronized void resume() {
        running("resume", ServerState.PAUSED).resume();
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
        ServerProcess started = ServerProcess.start(command(), folder, log());
        process = started;
        state = ServerState.RUNNING;
        Await.until(
                START,
                () -> served(started),
                () -> "the server at " + address() + " does not serve; its log ends with\n" + started.logTail());
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
        folder.close();
    }

    /**
     * The ids of the processes that make up the server now.
     *
     * @return the server itself first, then all that descend from it; empty without a process
     */
    public final synchronized List<Long> ids() {
        return process == null || !process.alive() ? List.of() : process.ids();
    }

    /**
     * Whether a process holds nothing any more, neither memory nor files nor sockets.
     *
     * @param id the id of a process
     * @return true if there is none, or if it has ended and its parent has not taken note yet
     */
    public static boolean gone(long id) {
        return ProcessTree.gone(id);
    }

    /** The kind, where it listens and how it is. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + " at " + address() + ", " + state();
    }

    private boolean served(ServerProcess started) {
        if (!started.alive()) {
            throw new ServerFailure(
                    "the server at " + address() + " ended while starting; its log ends with\n" + started.logTail());
        }
        return serves();
    }

    private ServerProcess running(String verb, ServerState... fitting) {
        require(verb, fitting);
        if (process == null) {
            throw new IllegalStateException("the server at " + address() + " was never started");
        }
        return process;
    }

    private void require(String verb, ServerState... fitting) {
        if (!List.of(fitting).contains(state)) {
            throw new IllegalStateException("cannot " + verb + " the server at " + address() + ": it is " + state
                    + ", expected one of " + List.of(fitting));
        }
    }

    /**
     * Where the output of all runs of the server goes.
     *
     * @return a file in the folder
     */
    protected final Path log() {
        return folder.path().resolve("server.log");
    }
}
