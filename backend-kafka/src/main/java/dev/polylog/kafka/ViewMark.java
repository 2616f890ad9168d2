package dev.polylog.kafka;

import dev.polylog.Position;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Which log a view is of, and how far it has come: written together with what it speaks of.
 *
 * <p>Immutable and thread-safe.
 *
 * @param topicId the topic's identity, which changes when it is made anew
 * @param logId the log's identity; null before its founding was seen
 * @param next the offset of the first record that is not in the view
 * @param lastOffset the offset of the last record that is, -1 where there is none
 * @param lastChecksum a checksum of that record's bytes
 * @param head the position of the last event
 * @param divergences how often the log lost its tail, as far as anybody noticed
 * @param refused how many records were none of ours, or broken
 * @param hash the hash of all decisions
 */
record ViewMark(
        Uuid topicId,
        @Nullable UUID logId,
        long next,
        long lastOffset,
        int lastChecksum,
        Position head,
        int divergences,
        long refused,
        long hash) {

    private static final int FORMAT = 3;
    private static final int SIZE = 1 + 16 + 17 + 20 + 16 + 20;

    static ViewMark beginning(Uuid topicId) {
        return new ViewMark(topicId, null, 0, -1, 0, Position.START, 0, 0, 0);
    }

    /** The log's epoch as everybody tells it. */
    String epoch() {
        return String.valueOf(divergences + 1);
    }

    byte[] bytes() {
        ByteSink sink = new ByteSink(SIZE);
        sink.number1(FORMAT);
        sink.number8(topicId.getMostSignificantBits());
        sink.number8(topicId.getLeastSignificantBits());
        sink.number1(logId == null ? 0 : 1);
        sink.id(logId == null ? new UUID(0, 0) : logId);
        sink.number8(next);
        sink.number8(lastOffset);
        sink.number4(lastChecksum);
        sink.number8(head.high());
        sink.number8(head.low());
        sink.number4(divergences);
        sink.number8(refused);
        sink.number8(hash);
        return sink.bytes();
    }

    static ViewMark of(byte[] bytes) throws MalformedRecord {
        ByteSource source = new ByteSource(bytes, 0, bytes.length);
        if (source.number1() != FORMAT) {
            throw new MalformedRecord("the view is of another format");
        }
        Uuid topicId = new Uuid(source.number8(), source.number8());
        boolean founded = source.number1() == 1;
        UUID logId = source.id();
        ViewMark mark = new ViewMark(
                topicId,
                founded ? logId : null,
                source.number8(),
                source.number8(),
                source.number4(),
                new Position(source.number8(), source.number8()),
                source.number4(),
                source.number8(),
                source.number8());
        source.requireEnd();
        return mark;
    }
}
