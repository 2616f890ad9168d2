package dev.polylog.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines of a bounded length. For one thread.
 */
final class LineReader {

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final int maxLength;
    private final byte[] buffer = new byte[1 << 16];
    private int next;
    private int end;
    private long number;
    private byte @Nullable [] bytes;

    LineReader(InputStream in, int maxLength) {
        this.in = in;
        this.maxLength = maxLength;
    }

    /** Goes to the next line; false at the end. */
    boolean next() throws IOException {
        if (!fill()) {
            return false;
        }
        number++;
        int newline = indexOfNewline();
        if (newline >= 0 && newline - next <= maxLength) {
            bytes = unmarked(Arrays.copyOfRange(buffer, next, newline));
            next = newline + 1;
        } else {
            bytes = longLine();
        }
        return true;
    }

    /** The line's number, from 1. */
    long number() {
        return number;
    }

    /** The line's bytes without its break, or null where it is longer than allowed. */
    byte @Nullable [] bytes() {
        return bytes;
    }

    private byte @Nullable [] longLine() throws IOException {
        ByteArrayOutputStream gathered = new ByteArrayOutputStream(2 * buffer.length);
        boolean tooLong = false;
        boolean ended = false;
        while (!ended && fill()) {
            int newline = indexOfNewline();
            int stop = newline < 0 ? end : newline;
            tooLong |= (long) gathered.size() + stop - next > maxLength;
            if (tooLong) {
                gathered.reset();
            } else {
                gathered.write(buffer, next, stop - next);
            }
            ended = newline >= 0;
            next = ended ? stop + 1 : stop;
        }
        return tooLong ? null : unmarked(gathered.toByteArray());
    }

    private byte[] unmarked(byte[] line) {
        boolean marked = number == 1
                && line.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(line, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return marked ? Arrays.copyOfRange(line, BYTE_ORDER_MARK.length, line.length) : line;
    }

    private int indexOfNewline() {
        for (int i = next; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private boolean fill() throws IOException {
        if (next < end) {
            return true;
        }
        next = 0;
        end = Math.max(0, in.read(buffer, 0, buffer.length));
        return end > 0;
    }
}
