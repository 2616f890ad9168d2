package dev.polylog.servers;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs as a process of its own below this JVM.
 *
 * <p>For kinds of servers: a kind says which command starts it, on which signal it ends in order, and how to see that it
 * serves. Thread-safe; verbs run one after another.
 */
public abstract class ProcessServer extends GuardedServer {

    private final ServerFolder folder;
    private final String endSignal;
    private @Nullable ServerProcess process;

    /**
     * A server that has not been started.
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
     * Where the server's data and its log lie.
     *
     * @return the folder, removed by {@link #close()}
     */
    protected final ServerFolder folder() {
        return folder;
    }

    /**
     * Where the output of all runs of the server goes.
     *
     * @return a file in the folder
     */
    protected final Path log() {
        return folder.path().resolve("server.log");
    }

    /**
     * The ids of the processes that make up the server now.
     *
     * @return the server itself first, then all that descend from it; empty without a process
     */
    public final synchronized List<Long> ids() {
        return alive() ? process().ids() : List.of();
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

    @Override
    protected final void begin() {
        process = ServerProcess.start(command(), folder, log());
    }

    @Override
    protected final void end() {
        process().end(endSignal);
    }

    @Override
    protected final void die() {
        process().kill();
    }

    @Override
    protected final void freeze() {
        process().pause();
    }

    @Override
    protected final void thaw() {
        process().resume();
    }

    @Override
    protected final void discard() {
        folder.close();
    }

    @Override
    protected final boolean alive() {
        return process != null && process.alive();
    }

    @Override
    protected final String logTail() {
        return process().logTail();
    }

    private ServerProcess process() {
        if (process == null) {
            throw new IllegalStateException("the server at " + address() + " was never started");
        }
        return process;
    }
}
