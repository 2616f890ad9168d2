package dev.polylog.kafka;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/** Bytes that grow, numbers big-endian. For one thread. */
final class ByteSink {

    /** Numbers of four and of eight bytes inside arrays. */
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int length;

    /** Empty, with room for so many bytes before it has to grow. */
    ByteSink(int room) {
        bytes = new byte[room];
    }

    int length() {
        return length;
    }

    void number1(int number) {
        room(1);
        bytes[length++] = (byte) number;
    }

    void number2(int number) {
        number1(number >>> 8);
        number1(number);
    }

    void number4(int number) {
        room(4);
        number4(bytes, length, number);
        length += 4;
    }

    /** Replaces what was written at a place. */
    void number4(int at, int number) {
        number4(bytes, at, number);
    }

    void number8(long number) {
        room(8);
        number8(bytes, length, number);
        length += 8;
    }

    void id(UUID id) {
        number8(id.getMostSignificantBits());
        number8(id.getLeastSignificantBits());
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number2(utf8.length);
        bytes(utf8, 0, utf8.length);
    }

    void bytes(byte[] source, int from, int count) {
        room(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void bytes(ByteBuffer source) {
        int count = source.remaining();
        room(count);
        source.get(bytes, length, count);
        length += count;
    }

    /** All of them; nothing is to be added afterwards. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    static void number4(byte[] target, int at, int number) {
        INT.set(target, at, number);
    }

    static void number8(byte[] target, int at, long number) {
        LONG.set(target, at, number);
    }
}
