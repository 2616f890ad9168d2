package dev.polylog.cli.transfer;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file, or standard input, that is read once from its beginning to its end, unpacked if it is packed by gzip, which is
 * seen by its first bytes and not by its name.
 *
 * <p>{@link #share()} may be asked by any thread; the rest is for one.
 */
public final class ImportFile implements AutoCloseable {

    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private final String name;
    private final long size;
    private final Counting counting;
    private final InputStream content;

    private ImportFile(String name, long size, InputStream in) throws IOException {
        this.name = name;
        this.size = size;
        this.counting = new Counting(in);
        InputStream buffered = new BufferedInputStream(counting, 1 << 16);
        this.content = isPacked(buffered) ? new GZIPInputStream(buffered, 1 << 16) : buffered;
    }

    /**
     * Opens a file.
     *
     * @param path where it is
     * @return the open file
     * @throws IOException if it cannot be opened
     */
    public static ImportFile open(Path path) throws IOException {
        InputStream in = Files.newInputStream(path);
        try {
            return new ImportFile(path.toString(), Files.isRegularFile(path) ? Files.size(path) : 0, in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * Takes standard input for a file.
     *
     * @param in the input
     * @return the open file
     * @throws IOException if it cannot be read
     */
    public static ImportFile standardInput(InputStream in) throws IOException {
        return new ImportFile("standard input", 0, in);
    }

    private static boolean isPacked(InputStream in) throws IOException {
        in.mark(2);
        boolean packed = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
        in.reset();
        return packed;
    }

    /**
     * What it is called.
     *
     * @return the path, or "standard input"
     */
    public String name() {
        return name;
    }

    InputStream content() {
        return content;
    }

    /** Which part of it was read, from 0 to 1; negative where its size is not known. */
    double share() {
        return size == 0 ? -1 : (double) counting.count / size;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    private static final class Counting extends FilterInputStream {

        private volatile long count;

        Counting(InputStream in) {
            super(in);
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads, others only look
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count += read;
            }
            return read;
        }
    }
}
