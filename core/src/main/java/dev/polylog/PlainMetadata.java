package dev.polylog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sees at a glance that metadata can be read: nearly all of it is a short JSON object of plain texts, names in order, as it is
 * written. Whoever only has to know that it can be read need not read it.
 *
 * <p>What it is not certain of may be right all the same, and is read to find out: the answer never changes a decision.
 * What it is certain of is what {@link MetadataForm} writes, byte by byte, so equal bytes are equal metadata and the
 * other way round. Confined to one thread.
 */
final class PlainMetadata {

    /** Longer texts meet limits of the reader. */
    private static final int MOST = 4_096;

    private final byte[] bytes;
    private final int end;
    private int at;

    private PlainMetadata(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    /** Whether the bytes are certainly a JSON object of texts, each name once. */
    static boolean isCertain(byte[] bytes, int offset, int length) {
        return length <= MOST && new PlainMetadata(bytes, offset, length).isObject();
    }

    /** Takes apart what is certain: {@code {"name":"value","name":"value"}}, with one entry or more. */
    static SortedMap<String, String> entries(byte[] json) {
        SortedMap<String, String> entries = new TreeMap<>();
        int next = 0;
        while (next < json.length - 1) {
            int name = next + 2;
            int nameEnd = textEnd(json, name);
            int value = nameEnd + 3;
            int valueEnd = textEnd(json, value);
            entries.put(text(json, name, nameEnd), text(json, value, valueEnd));
            next = valueEnd + 1;
        }
        return entries;
    }

    private static int textEnd(byte[] json, int from) {
        int end = from;
        while (json[end] != '"') {
            end++;
        }
        return end;
    }

    private static String text(byte[] json, int from, int to) {
        return new String(json, from, to - from, StandardCharsets.ISO_8859_1);
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
        int next = at;
        while (next < end && isPlain(bytes[next])) {
            next++;
        }
        at = next;
        return take('"');
    }

    /** Below a space are control characters and, as negative numbers, all that is not ASCII. */
    private static boolean isPlain(byte letter) {
        return letter >= ' ' && letter < 0x7F && letter != '"' && letter != '\\';
    }
}
