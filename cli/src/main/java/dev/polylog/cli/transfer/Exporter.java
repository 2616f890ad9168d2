package dev.polylog.cli.transfer;

import dev.polylog.Events;
import dev.polylog.RecordedEvent;
import dev.polylog.cli.cloudevents.CloudEventWriter;
import dev.polylog.cli.shell.Progress;
import dev.polylog.cli.shell.Shell;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * Writes events as lines of CloudEvents, to a file that is there only once it is complete, or to a stream. For one
 * thread.
 */
public final class Exporter {

    private final Shell shell;

    /**
     * Of a command.
     *
     * @param shell where progress is told, and the user may interrupt
     */
    public Exporter(Shell shell) {
        this.shell = shell;
    }

    /**
     * Writes a file, packed by gzip if its name ends with {@code .gz}. What is written first is called like the file,
     * with {@code .part} behind.
     *
     * @param events the events
     * @param file the file, replaced if it is there
     * @return how many events were written
     * @throws IOException if the file cannot be written
     */
    public long toFile(Events events, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        boolean complete = false;
        try {
            long count;
            try (OutputStream out = open(part, file.toString().endsWith(".gz"))) {
                count = toStream(events, out);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            complete = true;
            return count;
        } finally {
            if (!complete) {
                Files.deleteIfExists(part);
            }
        }
    }

    private static OutputStream open(Path path, boolean packed) throws IOException {
        OutputStream out = Files.newOutputStream(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        return packed ? new GZIPOutputStream(out, 1 << 16) : new BufferedOutputStream(out, 1 << 16);
    }

    /**
     * Writes lines to a stream and flushes it.
     *
     * @param events the events
     * @param out where to
     * @return how many events were written
     * @throws IOException if the stream cannot be written
     */
    public long toStream(Events events, OutputStream out) throws IOException {
        Progress progress = new Progress(shell, "exporting");
        long count = 0;
        try {
            for (RecordedEvent event : events) {
                shell.interruption().check();
                out.write(CloudEventWriter.write(event));
                out.write('\n');
                progress.at(++count, -1);
            }
            out.flush();
        } finally {
            progress.clear();
        }
        return count;
    }
}
