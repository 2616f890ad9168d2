package dev.polylog.servers.kurrentdb.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The log on disk: one frame a write, each with its length and checksum, so a frame is there whole or not at all. A torn
 * frame at the end is what a crash left of a write that nobody was told of; it is cut off. For one thread at a time.
 */
final class LogFile implements AutoCloseable {

    private static final int FRAME_HEADER = 8;

    private final FileChannel channel;

    private LogFile(FileChannel channel) {
        this.channel = channel;
    }

    static LogFile open(Path file) throws IOException {
        return new LogFile(
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** A write: where the log ends after it, and its records. */
    record Frame(long end, List<LogRecord> records) {}

    /** All frames that are whole. Called once, before anything is added. */
    List<Frame> load() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (all.hasRemaining() && channel.read(all) >= 0) {}
        all.flip();
        List<Frame> frames = new ArrayList<>();
        int whole = 0;
        while (all.remaining() >= FRAME_HEADER) {
            int length = all.getInt();
            int checksum = all.getInt();
            if (length < 0 || length > all.remaining()) {
                break;
            }
            byte[] bytes = new byte[length];
            all.get(bytes);
            if (checksum(bytes) != checksum) {
                break;
            }
            frames.add(decode(bytes));
            whole = all.position();
        }
        channel.truncate(whole);
        channel.position(whole);
        return frames;
    }

    /** Adds a frame; durable after the next {@link #force()}. */
    void add(Frame frame) throws IOException {
        byte[] bytes = encode(frame);
        ByteBuffer buffer = ByteBuffer.allocate(FRAME_HEADER + bytes.length);
        buffer.putInt(bytes.length).putInt(checksum(bytes)).put(bytes).flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    void force() throws IOException {
        channel.force(false);
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static byte[] encode(Frame frame) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(frame.end());
        out.writeInt(frame.records().size());
        for (LogRecord record : frame.records()) {
            out.writeLong(record.position());
            out.writeUTF(record.stream());
            out.writeLong(record.revision());
            out.writeLong(record.id().getMostSignificantBits());
            out.writeLong(record.id().getLeastSignificantBits());
            out.writeUTF(record.type());
            out.writeBoolean(record.json());
            out.writeLong(record.created());
            write(out, record.metadata());
            write(out, record.data());
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static Frame decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        long end = in.readLong();
        int count = in.readInt();
        List<LogRecord> records = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            records.add(new LogRecord(
                    in.readLong(),
                    in.readUTF(),
                    in.readLong(),
                    new UUID(in.readLong(), in.readLong()),
                    in.readUTF(),
                    in.readBoolean(),
                    in.readLong(),
                    read(in),
                    read(in)));
        }
        return new Frame(end, records);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException("a frame with a right checksum is too short");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
