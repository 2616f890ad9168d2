package dev.polylog.kafka;

import dev.polylog.kafka.LogEntry.Slice;
import java.util.Arrays;

/**
 * Sees at a glance that metadata can be read: nearly all of it is a short JSON object of plain texts, names in order, as it is
 * written. Whoever only has to know that it can be read need not read it.
 *
 * <p>What it is not certain of may be right all the same, and is read to find out: the answer never changes a decision.
 * Stateless and thread-safe.
 */
final class PlainMetadata {

    /** Longer texts meet limits of the reader. */
    private static final int MOST = 4_096;

    private final byte[] bytes;
    private final int end;
    private int at;

    private PlainMetadata(Slice json) {
        this.bytes = json.bytes();
        this.at = json.from();
        this.end = json.from() + json.length();
    }

    /** Whether the bytes are certainly a JSON object of texts, each name once. */
    static boolean isCertain(Slice json) {
        return json.length() <= MOST && new PlainMetadata(json).isObject();
    }

    private boolean isObject() {
        if (!take('{')) {
            return false;
        }
        if (take('}')) {
            return at == end;
        }
        int before = -1;
        int beforeEnd = -1;
        do {
            int name = at;
            if (!takeText()) {
                return false;
            }
            int nameEnd = at;
            boolean later = before < 0 || Arrays.compare(bytes, before, beforeEnd, bytes, name, nameEnd) < 0;
            if (!later || !take(':') || !takeText()) {
                return false;
            }
            before = name;
            beforeEnd = nameEnd;
        } while (take(','));
        return take('}') && at == end;
    }

    private boolean take(char expected) {
        if (at < end && bytes[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /** A text in quotes, of characters that stand for themselves. */
    private boolean takeText() {
        if (!take('"')) {
            return false;
        }
        while (at < end && isPlain(bytes[at])) {
            at++;
        }
        return take('"');
    }

    /** Below a space are control characters and, as negative numbers, all that is not ASCII. */
    private static boolean isPlain(byte letter) {
        return letter >= ' ' && letter < 0x7F && letter != '"' && letter != '\\';
    }
}
