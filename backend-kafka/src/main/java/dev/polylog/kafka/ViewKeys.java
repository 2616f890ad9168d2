package dev.polylog.kafka;

import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * How the view lies in its files: two ordered maps from bytes to bytes.
 *
 * <p>The log has the accepted appends, each as it stands in its record, under the record's offset (8): keys grow, so what was
 * written once is never sorted again. {@link AppendRow} has the value.
 *
 * <p>The index has everything else. A key's first byte says what it is.
 *
 * <pre>
 * 'm'                              the mark: which log, how far, with which hash
 * 's' stream 0 version (8)      → {@link StreamRow}: where the events stand that an append wrote from this version on
 * 'h' stream                    → version of the stream
 * 'c' cell                      → revision, value
 * 'w' writer (16)               → epoch and sequence that were decided last
 * 'x' offset (8)                → hash of all decisions below it
 * </pre>
 *
 * <p>Names hold no NUL, so no stream's keys lie among another's. Stateless and thread-safe.
 */
final class ViewKeys {

    static final byte[] MARK = {'m'};
    static final byte STREAM = 's';

    private ViewKeys() {}

    /** What the keys of a stream's events begin with. */
    static byte[] stream(StreamId stream) {
        byte[] key = named(STREAM, stream.name());
        return Arrays.copyOf(key, key.length + 1);
    }

    static byte[] streamRow(byte[] stream, long version) {
        byte[] key = Arrays.copyOf(stream, stream.length + 8);
        ByteSink.number8(key, stream.length, version);
        return key;
    }

    static byte[] head(StreamId stream) {
        return named('h', stream.name());
    }

    static byte[] cell(String name) {
        return named('c', name);
    }

    static byte[] writer(UUID writer) {
        byte[] key = new byte[17];
        key[0] = 'w';
        ByteSink.number8(key, 1, writer.getMostSignificantBits());
        ByteSink.number8(key, 9, writer.getLeastSignificantBits());
        return key;
    }

    static byte[] hash(long offset) {
        byte[] key = new byte[9];
        key[0] = 'x';
        ByteSink.number8(key, 1, offset);
        return key;
    }

    static byte[] number(long number) {
        byte[] value = new byte[8];
        ByteSink.number8(value, 0, number);
        return value;
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] named(int kind, String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = new byte[1 + utf8.length];
        key[0] = (byte) kind;
        System.arraycopy(utf8, 0, key, 1, utf8.length);
        return key;
    }
}
