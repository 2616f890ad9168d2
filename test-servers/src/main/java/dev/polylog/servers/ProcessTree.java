package dev.polylog.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks at processes by their id: who descends from whom, and in which state they are.
 *
 * <p>Thread-safe.
 */
final class ProcessTree {

    private static final boolean PROC = Files.isReadable(Path.of("/proc/self/stat"));

    private ProcessTree() {}

    /** The process first, then all that descend from it now. */
    static List<Long> of(long root) {
        List<Long> ids = new ArrayList<>();
        ids.add(root);
        ProcessHandle.of(root).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .forEach(ids::add);
        return ids;
    }

    /** Kills the process and all that descend from it; returns whom it killed, before they are gone. */
    static List<Long> kill(long root) {
        // Stopped first, so that it cannot have another child between looking and killing.
        Shell.signal("STOP", List.of(root));
        List<Long> ids = of(root);
        Shell.signal("KILL", ids);
        return ids;
    }

    /** Whether the process holds nothing any more: it is gone, or only waits to be reaped. */
    static boolean gone(long id) {
        return Set.of("", "Z", "X").contains(state(id));
    }

    /** Whether the process is stopped by a signal. */
    static boolean stopped(long id) {
        return Set.of("T", "t").contains(state(id));
    }

    /** The letter of the process state as the system gives it, nothing if there is no such process. */
    private static String state(long id) {
        if (!PROC) {
            String letters = Shell.run(List.of("ps", "-o", "state=", "-p", Long.toString(id)))
                    .output();
            return letters.isEmpty() ? "" : letters.substring(0, 1);
        }
        try {
            String line = Files.readString(Path.of("/proc/" + id + "/stat"));
            return line.substring(line.lastIndexOf(')') + 2, line.lastIndexOf(')') + 3);
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException e) {
            // A process that ends while its file is read gives ESRCH.
            return ProcessHandle.of(id).isPresent() ? "?" : "";
        }
    }
}
