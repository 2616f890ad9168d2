package dev.polylog.cli.transfer;

import dev.polylog.cli.cloudevents.CloudEventReader;
import dev.polylog.cli.cloudevents.InvalidCloudEvent;
import dev.polylog.cli.cloudevents.StreamEvent;
import dev.polylog.cli.shell.CommandFailed;
import dev.polylog.cli.shell.ExitCode;
import dev.polylog.cli.shell.Interrupted;
import dev.polylog.cli.shell.Interruption;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file, read and parsed ahead by a thread of its own, so that parsing and writing overlap. Blank lines are
 * left out. At most a few chunks of lines are held.
 *
 * <p>The iterator is for one thread. A file that cannot be read to its end throws {@link CommandFailed} after its last
 * good line.
 */
final class ImportLines implements Iterator<ImportLine>, AutoCloseable {

    private static final int CHUNK_LINES = 256;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS_AHEAD = 4;
    private static final int WAIT_MILLIS = 200;

    private final ImportFile file;
    private final LineReader lines;
    private final int maxLength;
    private final Interruption interruption;
    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private final Thread reader = new Thread(this::readAhead, "polylog-import-reader");
    private Iterator<ImportLine> chunk = List.<ImportLine>of().iterator();
    private boolean ended;

    /** Some lines; the last chunk says that it is, and what ended the reading if not the file's end. */
    private record Chunk(
            List<ImportLine> lines, boolean last, @Nullable Throwable failure) {}

    ImportLines(ImportFile file, int maxLength, Interruption interruption) {
        this.file = file;
        this.interruption = interruption;
        this.maxLength = maxLength;
        this.lines = new LineReader(file.content(), maxLength);
        reader.setDaemon(true);
        reader.start();
    }

    private void readAhead() {
        try {
            List<ImportLine> gathered = new ArrayList<>();
            long size = 0;
            while (lines.next()) {
                byte[] line = lines.bytes();
                size += line == null ? 0 : line.length;
                if (!isBlank(line)) {
                    gathered.add(parse(lines.number(), line));
                }
                if (gathered.size() == CHUNK_LINES || size >= CHUNK_BYTES) {
                    chunks.put(new Chunk(gathered, false, null));
                    gathered = new ArrayList<>();
                    size = 0;
                }
            }
            chunks.put(new Chunk(gathered, true, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody waits for more
        } catch (IOException e) {
            end(new CommandFailed(
                    ExitCode.FAILURE,
                    file.name() + " cannot be read beyond line " + lines.number() + ": " + e.getMessage(),
                    e));
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    private void end(Throwable failure) {
        try {
            chunks.put(new Chunk(List.of(), true, failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed: nobody waits for the failure
        }
    }

    private static boolean isBlank(byte @Nullable [] bytes) {
        if (bytes == null) {
            return false;
        }
        for (byte b : bytes) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private ImportLine parse(long number, byte @Nullable [] line) {
        if (line == null) {
            return new ImportLine.Broken(
                    number, "longer than " + maxLength + " bytes; no event that this store takes needs as much");
        }
        try {
            StreamEvent read = CloudEventReader.read(line);
            return new ImportLine.Parsed(number, read.stream(), read.event());
        } catch (InvalidCloudEvent e) {
            return new ImportLine.Broken(number, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public boolean hasNext() {
        while (!chunk.hasNext() && !ended) {
            Chunk next = take();
            chunk = next.lines().iterator();
            ended = next.last();
            rethrow(next.failure());
        }
        return chunk.hasNext();
    }

    /** Waits for the next chunk, as standard input may be slow, but not longer than the user wants. */
    private Chunk take() {
        try {
            while (true) {
                interruption.check();
                Chunk next = chunks.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Interrupted("");
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    @Override
    public ImportLine next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the file has no further lines");
        }
        return chunk.next();
    }

    /** Stops reading ahead. */
    @Override
    public void close() {
        reader.interrupt();
    }
}
