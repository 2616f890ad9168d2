package dev.polylog.kafka;

import dev.polylog.kafka.LogEntry.Slice;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Reads bytes from a place up to an end; what does not fit is a {@link MalformedRecord}. For one thread. */
final class ByteSource {

    private static final int LONGEST_NAME = 255;

    private final byte[] bytes;
    private final int end;
    private int at;

    ByteSource(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int number1() throws MalformedRecord {
        return bytes[take(1)] & 0xFF;
    }

    int number2() throws MalformedRecord {
        return (number1() << 8) + number1();
    }

    int number4() throws MalformedRecord {
        return number4(bytes, take(4));
    }

    long number8() throws MalformedRecord {
        return number8(bytes, take(8));
    }

    UUID id() throws MalformedRecord {
        return new UUID(number8(), number8());
    }

    int count2(int most) throws MalformedRecord {
        int count = number2();
        if (count > most) {
            throw new MalformedRecord("it counts " + count + " where " + most + " are allowed");
        }
        return count;
    }

    /** A text that may name something: not blank, not too long, without control characters. */
    String name() throws MalformedRecord {
        String name = text();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new MalformedRecord("a name is blank or too long");
        }
        if (isPlain(name)) {
            return name;
        }
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new MalformedRecord("a name is blank, or contains a control character");
        }
        return name;
    }

    private String text() throws MalformedRecord {
        Slice utf8 = slice(number2());
        if (isAscii(utf8)) {
            return new String(utf8.bytes(), utf8.from(), utf8.length(), StandardCharsets.US_ASCII);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8.bytes(), utf8.from(), utf8.length()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedRecord("a text is not UTF-8");
        }
    }

    /** Most names need no closer look. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            if (letter <= ' ' || letter >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(Slice text) {
        for (int i = text.from(); i < text.from() + text.length(); i++) {
            if (text.bytes()[i] < 0) {
                return false;
            }
        }
        return true;
    }

    void skip(int count) throws MalformedRecord {
        take(count);
    }

    int at() {
        return at;
    }

    Slice slice(int length) throws MalformedRecord {
        return new Slice(bytes, take(length), length);
    }

    Slice rest() throws MalformedRecord {
        return slice(end - at);
    }

    void requireEnd() throws MalformedRecord {
        if (at != end) {
            throw new MalformedRecord("it is longer than what it says");
        }
    }

    private int take(int count) throws MalformedRecord {
        if (count < 0 || end - at < count) {
            throw new MalformedRecord("it is shorter than what it says");
        }
        int from = at;
        at += count;
        return from;
    }

    static int number4(byte[] source, int at) {
        return (int) ByteSink.INT.get(source, at);
    }

    static long number8(byte[] source, int at) {
        return (long) ByteSink.LONG.get(source, at);
    }
}
