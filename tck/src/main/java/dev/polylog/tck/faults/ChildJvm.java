package dev.polylog.tck.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A process of a test's own: a JVM with the class path of this one, which the test waits for and kills (rule F-01).
 *
 * <p>What it writes goes to files, and is told where it does not do what is expected: that is an {@link AssertionError}. For
 * one thread.
 */
public final class ChildJvm implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(5);

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /**
     * What starts a main class; its environment may be added to.
     *
     * @param options options of the JVM, such as {@code -Xmx64m}
     * @param main the main class
     * @param arguments its arguments
     * @return a command that has not been started
     */
    public static ProcessBuilder command(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /**
     * Starts a process.
     *
     * @param command what {@link #command} gave
     * @param output where its output goes; what it says of errors goes beside it, to a file whose name ends with
     *     {@code .err}
     * @return the process, to be closed by the caller
     * @throws IOException if it cannot be started
     */
    public static ChildJvm start(ProcessBuilder command, Path output) throws IOException {
        Process process = command.redirectOutput(output.toFile())
                .redirectError(errors(output))
                .start();
        return new ChildJvm(process, output);
    }

    private static File errors(Path output) {
        return new File(output + ".err");
    }

    /**
     * Where its output goes.
     *
     * @return a file, which may still grow
     */
    public Path output() {
        return output;
    }

    /**
     * Whether it has not ended.
     *
     * @return true while it runs
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for a sign of the process.
     *
     * @param what the sign, for the message
     * @param sign whether it is there
     * @param patience how long to wait at most
     * @throws AssertionError if the process ends without it, or it does not come in time
     * @throws InterruptedException if interrupted while waiting
     */
    public void awaitSign(String what, BooleanSupplier sign, Duration patience) throws InterruptedException {
        long begun = System.nanoTime();
        // Looked at before the sign: whoever gives it may end at once.
        boolean alive = process.isAlive();
        while (!sign.getAsBoolean()) {
            if (!alive || System.nanoTime() - begun > patience.toNanos()) {
                throw new AssertionError("no " + what + " of a process that " + state() + ": " + said());
            }
            Thread.sleep(POLL.toMillis());
            alive = process.isAlive();
        }
    }

    /**
     * Waits until the process makes a file.
     *
     * @param file the file
     * @param patience how long to wait at most
     * @throws AssertionError if the process ends without making it, or does not in time
     * @throws InterruptedException if interrupted while waiting
     */
    public void awaitFile(Path file, Duration patience) throws InterruptedException {
        awaitSign("file " + file.getFileName(), () -> Files.exists(file), patience);
    }

    /**
     * Waits until the process has ended well.
     *
     * @param patience how long to wait at most
     * @throws AssertionError if it does not end in time, or with another exit code than 0
     * @throws InterruptedException if interrupted while waiting
     */
    public void awaitSuccess(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
            throw new AssertionError("no good end of a process that " + state() + ": " + said());
        }
    }

    private String state() {
        return process.isAlive() ? "goes on" : "ended with " + process.exitValue();
    }

    private String said() {
        try {
            return Files.readString(output) + Files.readString(errors(output).toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ends the process at once (SIGKILL), wherever it is, and waits until it is gone.
     *
     * @throws InterruptedException if interrupted while waiting
     */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Kills the process if it has not ended. */
    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
