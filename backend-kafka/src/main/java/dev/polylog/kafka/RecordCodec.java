package dev.polylog.kafka;

import dev.polylog.kafka.LogEntry.Origin;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Between records and their bytes. Numbers are big-endian; texts are UTF-8 behind their length in two bytes.
 *
 * <pre>
 *  0  4  "PLYK"
 *  4  1  version of the rules
 *  5  1  kind
 *  6 16  logId
 * 22 16  writer
 * 38  4  epoch of the writer
 * 42  8  sequence of the writer
 * 50     body, by kind
 * -4  4  CRC-32C of everything before
 * </pre>
 *
 * <p>A record is written without epoch, sequence and checksum at first; {@link #seal} adds them when it is its turn. What
 * cannot be read is refused with a reason, never with an exception. Stateless and thread-safe.
 */
final class RecordCodec {

    /** The rules that this code follows. */
    static final int RULES = 1;

    private static final int MAGIC = 0x504C594B;
    private static final int EPOCH_AT = 38;
    private static final int HEADER = 50;
    private static final int CHECKSUM = 4;
    private static final int LONGEST_NAME = 1_024;

    private static final int FOUNDING = 1;
    private static final int PROPOSAL = 2;
    private static final int CELL = 3;
    private static final int BARRIER = 4;
    private static final int DIVERGENCE = 5;
    private static final int STATE_HASH = 6;

    private RecordCodec() {}

    /** What a record's bytes turned out to be. */
    sealed interface Reading {

        /** What {@link RecordCodec#checksum} says of the bytes. */
        int checksum();

        /** One of ours. */
        record Ours(Origin origin, LogEntry entry, int checksum) implements Reading {}

        /** Not one of ours, or broken; it has no effect. */
        record Refused(String reason, int checksum) implements Reading {}

        /** One of ours by rules that this code does not know. */
        record Newer(UUID logId, int version, int checksum) implements Reading {}
    }

    static byte[] write(UUID logId, UUID writer, LogEntry entry) {
        ByteSink sink = new ByteSink(HEADER + CHECKSUM + room(entry));
        sink.number4(MAGIC);
        sink.number1(RULES);
        sink.number1(kind(entry));
        sink.id(logId);
        sink.id(writer);
        sink.number4(0);
        sink.number8(0);
        body(sink, entry);
        sink.number4(0);
        return sink.bytes();
    }

    /** About what the body of an entry takes, rather more than less. */
    private static int room(LogEntry entry) {
        if (entry instanceof LogEntry.Proposal proposal) {
            return ProposalCodec.room(proposal.command());
        }
        return entry instanceof LogEntry.CellChange change
                ? LONGEST_NAME + change.value().length()
                : 16;
    }

    private static int kind(LogEntry entry) {
        if (entry instanceof LogEntry.Founding) {
            return FOUNDING;
        }
        if (entry instanceof LogEntry.CellChange) {
            return CELL;
        }
        if (entry instanceof LogEntry.Barrier) {
            return BARRIER;
        }
        if (entry instanceof LogEntry.Divergence) {
            return DIVERGENCE;
        }
        if (entry instanceof LogEntry.StateHash) {
            return STATE_HASH;
        }
        return PROPOSAL;
    }

    private static void body(ByteSink sink, LogEntry entry) {
        if (entry instanceof LogEntry.Proposal proposal) {
            ProposalCodec.write(sink, proposal.command());
        } else if (entry instanceof LogEntry.CellChange change) {
            sink.text(change.name());
            sink.number8(change.expectedRevision());
            sink.bytes(
                    change.value().bytes(),
                    change.value().from(),
                    change.value().length());
        } else if (entry instanceof LogEntry.Divergence divergence) {
            sink.number8(divergence.offset());
        } else if (entry instanceof LogEntry.StateHash hash) {
            sink.number8(hash.offset());
            sink.number8(hash.hash());
        }
    }

    /** Gives a record its place among those of its writer. */
    static void seal(byte[] record, int epoch, long sequence) {
        ByteSink.number4(record, EPOCH_AT, epoch);
        ByteSink.number8(record, EPOCH_AT + 4, sequence);
        ByteSink.number4(record, record.length - CHECKSUM, checksum(record));
    }

    /** The checksum that a record of ours ends with; for other bytes a number that tells them from others. */
    static int checksum(byte @Nullable [] record) {
        if (record == null) {
            return 0;
        }
        CRC32C crc = new CRC32C();
        crc.update(record, 0, Math.max(0, record.length - CHECKSUM));
        return (int) crc.getValue();
    }

    /** The body of a record that could be read, not copied. */
    static LogEntry.Slice body(byte[] record) {
        return new LogEntry.Slice(record, HEADER, record.length - HEADER - CHECKSUM);
    }

    static Reading read(byte @Nullable [] record) {
        int checksum = checksum(record);
        if (record == null || record.length < HEADER + CHECKSUM || ByteSource.number4(record, 0) != MAGIC) {
            return new Reading.Refused("it is no record of a log", checksum);
        }
        if (checksum != ByteSource.number4(record, record.length - CHECKSUM)) {
            return new Reading.Refused("its checksum does not fit", checksum);
        }
        ByteSource source = new ByteSource(record, 4, record.length - CHECKSUM);
        try {
            int version = source.number1();
            int kind = source.number1();
            UUID logId = source.id();
            if (version > RULES) {
                return new Reading.Newer(logId, version, checksum);
            }
            Origin origin = new Origin(logId, source.id(), source.number4(), source.number8());
            LogEntry entry = entry(kind, source);
            source.requireEnd();
            return new Reading.Ours(origin, entry, checksum);
        } catch (MalformedRecord e) {
            return new Reading.Refused(e.reason(), checksum);
        }
    }

    private static LogEntry entry(int kind, ByteSource source) throws MalformedRecord {
        return switch (kind) {
            case FOUNDING -> new LogEntry.Founding();
            case PROPOSAL -> ProposalCodec.read(source);
            case CELL -> new LogEntry.CellChange(source.name(), source.number8(), source.rest());
            case BARRIER -> new LogEntry.Barrier();
            case DIVERGENCE -> new LogEntry.Divergence(source.number8());
            case STATE_HASH -> new LogEntry.StateHash(source.number8(), source.number8());
            default -> throw new MalformedRecord("its kind " + kind + " is none");
        };
    }
}
