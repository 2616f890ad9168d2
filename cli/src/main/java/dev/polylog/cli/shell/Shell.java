package dev.polylog.cli.shell;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Everything outside of a command that it talks to, handed in so that tests bring their own.
 *
 * <p>Immutable and thread-safe.
 *
 * @param in standard input
 * @param out standard output, for data only
 * @param err standard error, for everything said to people beside the data
 * @param env the environment variables
 * @param terminal what standard output and error are
 * @param interruption whether the user wants the command to end
 */
public record Shell(
        InputStream in,
        Output out,
        PrintStream err,
        Map<String, String> env,
        Terminal terminal,
        Interruption interruption) {

    /**
     * The shell that started this process.
     *
     * @return its streams, environment and terminal
     */
    public static Shell ofProcess() {
        Map<String, String> env = System.getenv();
        Terminal terminal = Terminal.ofProcess(env);
        return of(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                env,
                terminal);
    }

    /**
     * A shell of these streams.
     *
     * @param in standard input
     * @param out standard output
     * @param err standard error
     * @param env the environment variables
     * @param terminal what the streams are
     * @return the shell
     */
    public static Shell of(
            InputStream in, OutputStream out, OutputStream err, Map<String, String> env, Terminal terminal) {
        return new Shell(
                in,
                new Output(out, terminal),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                env,
                terminal,
                new Interruption());
    }

    /**
     * Says something to people.
     *
     * @param message the line, without the program's name
     */
    public void say(String message) {
        err.println("polylog: " + message);
    }
}
