package dev.polylog.cli.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output: data, in UTF-8, buffered until {@link #flush()}.
 *
 * <p>Thread-safe. Every write throws {@link OutputClosed} if the reader has gone, and {@link CommandFailed} if the output
 * cannot be written for another reason (a full disk).
 */
public final class Output extends OutputStream {

    private final BufferedOutputStream target;
    private final boolean pipe;
    private boolean failed;

    /**
     * Over a stream.
     *
     * @param target where the bytes go
     * @param terminal tells whether a reader can go away
     */
    public Output(OutputStream target, Terminal terminal) {
        this.target = new BufferedOutputStream(target, 1 << 16);
        this.pipe = terminal.outputIsPipe();
    }

    /**
     * Writes a line.
     *
     * @param line the text, without its line break
     */
    public void println(String line) {
        write((line + '\n').getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes text.
     *
     * @param text the text
     */
    public void print(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public synchronized void flush() {
        if (failed) {
            return; // said once, by the write that failed
        }
        try {
            target.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Flushes only: the stream belongs to the process. */
    @Override
    public void close() {
        flush();
    }

    private RuntimeException failed(IOException e) {
        failed = true;
        // The message of a broken pipe depends on the system's language, so the kind of file counts as well.
        String message = String.valueOf(e.getMessage());
        return pipe || message.contains("roken pipe")
                ? new OutputClosed(e)
                : new CommandFailed(ExitCode.FAILURE, "cannot write to standard output: " + message, e);
    }
}
