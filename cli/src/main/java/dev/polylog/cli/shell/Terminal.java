package dev.polylog.cli.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the output goes: to people or into a pipe, and how wide it may be.
 *
 * <p>Immutable and thread-safe.
 *
 * @param output whether standard output is a terminal
 * @param error whether standard error is a terminal
 * @param outputIsPipe whether standard output is a pipe or socket, so that its reader may go away
 * @param color whether colours are wanted there
 * @param columns how wide standard output is; {@link Integer#MAX_VALUE} where it is no terminal
 */
public record Terminal(boolean output, boolean error, boolean outputIsPipe, boolean color, int columns) {

    private static final int USUAL_COLUMNS = 80;

    /**
     * No terminal at all.
     *
     * @return neither stream is one
     */
    public static Terminal none() {
        return new Terminal(false, false, false, false, Integer.MAX_VALUE);
    }

    /**
     * The terminal of this process.
     *
     * <p>{@code System.console()} cannot tell: before Java 22 it is about standard input and output together. So the
     * links in {@code /proc/self/fd} are looked at, elsewhere {@code test -t} is asked, which every POSIX system has,
     * and only where that is missing too the console decides.
     *
     * @param env the environment variables; {@code NO_COLOR} and {@code TERM=dumb} switch colours off, {@code COLUMNS}
     *     sets the width
     * @return what was found
     */
    public static Terminal ofProcess(Map<String, String> env) {
        boolean output = isTerminal(1);
        boolean color = output && env.getOrDefault("NO_COLOR", "").isEmpty() && !"dumb".equals(env.get("TERM"));
        String link = link(1);
        boolean pipe = link.startsWith("pipe:") || link.startsWith("socket:");
        return new Terminal(output, isTerminal(2), pipe, color, output ? columns(env) : Integer.MAX_VALUE);
    }

    private static String link(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException | UnsupportedOperationException e) {
            return ""; // not Linux: the caller asks otherwise
        }
    }

    private static boolean isTerminal(int descriptor) {
        String link = link(descriptor);
        if (!link.isEmpty()) {
            return link.startsWith("/dev/pts/") || link.startsWith("/dev/tty") || link.equals("/dev/console");
        }
        try {
            Process test = new ProcessBuilder("test", "-t", String.valueOf(descriptor))
                    .inheritIO()
                    .start();
            return test.waitFor(1, TimeUnit.SECONDS) && test.exitValue() == 0;
        } catch (IOException e) {
            return hasConsole();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last resort, on Windows; from Java 22 on always true there, and {@code -o} says otherwise. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean hasConsole() {
        return System.console() != null;
    }

    private static int columns(Map<String, String> env) {
        int given = number(env.getOrDefault("COLUMNS", ""));
        int columns = given > 0 ? given : number(askTerminal());
        return columns > 0 ? Math.max(columns, 40) : USUAL_COLUMNS;
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    }

    /** Rows and columns from {@code stty}, which reads them from its standard input. */
    private static String askTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
            return stty.waitFor(1, TimeUnit.SECONDS) ? size.substring(size.indexOf(' ') + 1) : "";
        } catch (IOException e) {
            return ""; // no stty, or no controlling terminal: the usual width will do
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
