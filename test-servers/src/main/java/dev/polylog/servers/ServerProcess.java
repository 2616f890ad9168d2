package dev.polylog.servers;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a server as a direct child process of this JVM, owned by its process id.
 *
 * <p>For kinds of servers: a {@link ControlledServer} starts a new one at every start. A direct child is reaped by this
 * JVM at once, so that a restart never meets the dead process in the process table. Thread-safe.
 */
public final class ServerProcess {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOG_TAIL = 25;

    private final Process process;
    private final Path log;

    private ServerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the command in an environment that holds only PATH, TZ and LC_ALL, without input.
     *
     * @param command the program, found by its whole path, and its arguments
     * @param folder removed with the process when this JVM dies
     * @param log takes standard output and error, appended
     * @return the running process
     * @throws ServerFailure if the program cannot be started
     */
    public static ServerProcess start(List<String> command, ServerFolder folder, Path log) {
        ProcessBuilder builder = Shell.clean(new ProcessBuilder(command))
                .directory(folder.path().toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        try {
            ServerProcess started = new ServerProcess(builder.start(), log);
            started.tieTo(folder);
            return started;
        } catch (IOException e) {
            throw new ServerFailure("cannot start " + command, e);
        }
    }

    private void tieTo(ServerFolder folder) {
        try {
            folder.watch(pid());
        } catch (ServerFailure unwatched) {
            kill();
            throw unwatched;
        }
        var unused = process.onExit().thenRun(() -> folder.ended(pid()));
    }

    /**
     * The id of the process.
     *
     * @return the process id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Whether the process has not ended.
     *
     * @return true while it runs or is paused
     */
    public boolean alive() {
        return process.isAlive();
    }

    /**
     * The ids of the process and of all that descend from it now.
     *
     * @return this process first
     */
    public List<Long> ids() {
        return ProcessTree.of(process.pid());
    }

    /**
     * Asks the process to end and waits until it and its children are gone.
     *
     * @param signal the name of the signal on which this kind of server ends in order, such as INT
     * @throws ServerFailure if it has not ended within 30 s
     */
    public void end(String signal) {
        List<Long> ids = ids();
        Shell.signal(signal, List.of(process.pid()));
        awaitGone(ids, "end after SIG" + signal);
    }

    /**
     * Kills the process and all of its children with SIGKILL and waits until they are gone.
     *
     * @throws ServerFailure if one is left after 30 s
     */
    public void kill() {
        awaitGone(ProcessTree.kill(process.pid()), "die of SIGKILL");
    }

    /**
     * Stops the process and all of its children where they are.
     *
     * @throws ServerFailure if one still runs after 30 s
     */
    public void pause() {
        Shell.signal("STOP", List.of(process.pid()));
        Await.until(PATIENCE, () -> stopped(process.pid()), () -> describe() + " did not stop");
        List<Long> ids = ids();
        Shell.signal("STOP", ids);
        Await.until(PATIENCE, () -> ids.stream().allMatch(ServerProcess::stopped), () -> describe() + " did not stop");
    }

    /**
     * Lets a paused process and all of its children go on.
     *
     * @throws ServerFailure if one is still stopped after 30 s
     */
    public void resume() {
        List<Long> ids = ids();
        Shell.signal("CONT", ids);
        Await.until(
                PATIENCE,
                () -> ids.stream().noneMatch(ProcessTree::stopped),
                () -> describe() + " did not go on after SIGCONT");
    }

    /**
     * The last lines that the server wrote.
     *
     * @return up to 25 lines
     */
    public String logTail() {
        try {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private static boolean stopped(long id) {
        return ProcessTree.stopped(id) || ProcessTree.gone(id);
    }

    private void awaitGone(List<Long> ids, String wish) {
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new ServerFailure(describe() + " did not " + wish + "; its log ends with\n" + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while waiting for " + describe(), e);
        }
        Await.until(
                PATIENCE,
                () -> ids.stream().allMatch(ProcessTree::gone),
                () -> "a child of " + describe() + " did not " + wish);
    }

    private String describe() {
        return "process " + process.pid();
    }
}
