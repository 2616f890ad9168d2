package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of one server, which goes with the server when this JVM ends.
 *
 * <p>When the JVM ends in order a shutdown hook kills the process and removes the folder; when it is killed a small
 * shell does. For kinds of servers. Thread-safe.
 */
public final class ServerFolder implements AutoCloseable {

    private static final Set<ServerFolder> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ServerFolder::closeAll, "polylog-servers-end"));
    }

    private final Path path;
    private final DeathWatch watch;
    private long pid;
    private boolean closed;

    private ServerFolder(Path path) {
        this.path = path;
        this.watch = DeathWatch.over(path);
    }

    /**
     * Makes a new folder.
     *
     * @param kind the beginning of its name
     * @return a folder that everybody can read and only this user can write to
     * @throws ServerFailure if it cannot be made
     */
    public static ServerFolder create(String kind) {
        try {
            Path runs = Folders.open(Folders.home().resolve("run"));
            ServerFolder folder = new ServerFolder(Folders.open(Files.createTempDirectory(runs, kind + "-")));
            OPEN.add(folder);
            return folder;
        } catch (IOException e) {
            throw new ServerFailure("cannot make a folder for a server below " + Folders.home(), e);
        }
    }

    /**
     * The path of the folder.
     *
     * @return an absolute path
     */
    public Path path() {
        return path;
    }

    /** Ties a process to the life of this JVM. */
    synchronized void watch(long process) {
        pid = process;
        watch.watch(process);
    }

    /** Forgets a process that has ended, whose id may soon be somebody else's. */
    synchronized void ended(long process) {
        if (pid == process && !closed) {
            watch(0);
        }
    }

    /**
     * Removes the folder; its process must have ended.
     *
     * @throws ServerFailure if something in it cannot be removed
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        OPEN.remove(this);
        try {
            Folders.remove(path);
        } finally {
            watch.over();
        }
    }

    private static void closeAll() {
        for (ServerFolder folder : OPEN) {
            folder.kill();
            folder.close();
        }
    }

    private synchronized void kill() {
        if (pid == 0) {
            return;
        }
        List<Long> ids = ProcessTree.kill(pid);
        Await.until(
                Duration.ofSeconds(10),
                () -> ids.stream().allMatch(ProcessTree::gone),
                () -> "process " + pid + " did not die of SIGKILL");
    }
}
