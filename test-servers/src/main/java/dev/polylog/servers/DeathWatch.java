package dev.polylog.servers;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A small shell that outlives this JVM by a moment, to kill a server and remove its folder if the JVM could not.
 *
 * <p>It reads from a pipe whose other end only this JVM holds. The system closes that end however the JVM ends, and the
 * shell then acts. The kernel's own parent death signal would not do: it comes when the thread that started the child
 * ends, leaves the children of a paused server behind, and exists on Linux only. Thread-safe.
 */
final class DeathWatch {

    private static final String SCRIPT;

    static {
        try (InputStream script = DeathWatch.class.getResourceAsStream("death-watch.sh")) {
            if (script == null) {
                throw new IllegalStateException("death-watch.sh is missing beside " + DeathWatch.class);
            }
            SCRIPT = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final Process shell;
    private final Writer pipe;

    private DeathWatch(Process shell) {
        this.shell = shell;
        this.pipe = new BufferedWriter(new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.US_ASCII));
    }

    static DeathWatch over(Path folder) {
        try {
            return new DeathWatch(
                    Shell.clean(new ProcessBuilder(List.of("/bin/sh", "-c", SCRIPT, "death-watch", folder.toString())))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start());
        } catch (IOException e) {
            throw new ServerFailure("cannot start /bin/sh, which ends servers after a killed JVM", e);
        }
    }

    /** From now on this process is to be killed; 0 for none. */
    void watch(long pid) {
        tell("process " + pid);
    }

    /** Ends the watch without an effect. */
    void over() {
        tell("over");
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerFailure("interrupted while ending the watch over a server", e);
        }
    }

    private synchronized void tell(String line) {
        try {
            pipe.write(line + "\n");
            pipe.flush();
        } catch (IOException e) {
            throw new ServerFailure("the shell that ends servers after a killed JVM has ended itself", e);
        }
    }
}
