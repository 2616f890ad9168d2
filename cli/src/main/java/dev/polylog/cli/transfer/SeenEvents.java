package dev.polylog.cli.transfer;

import dev.polylog.StreamId;
import java.util.UUID;

/**
 * Tells of most events that they were not seen before, in 16 MiB however many there are (a Bloom filter). Of some it says
 * that they may have been: of one in a hundred after ten million, more later. For one thread.
 */
final class SeenEvents {

    private static final int BITS = 27;
    private static final int PROBES = 7;

    private final long[] words = new long[1 << (BITS - 6)];

    /** Notes an event; false if it was certainly not noted before. */
    boolean mayRepeat(StreamId stream, UUID id) {
        long first = mix(id.getMostSignificantBits() ^ stream.name().hashCode());
        long second = mix(id.getLeastSignificantBits() + first) | 1;
        boolean all = true;
        for (int i = 0; i < PROBES; i++) {
            long bit = (first + i * second) >>> (Long.SIZE - BITS);
            long mask = 1L << (bit & 63);
            int word = (int) (bit >>> 6);
            all &= (words[word] & mask) != 0;
            words[word] |= mask;
        }
        return all;
    }

    /** Spreads every bit over all (the finalizer of SplitMix64). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
