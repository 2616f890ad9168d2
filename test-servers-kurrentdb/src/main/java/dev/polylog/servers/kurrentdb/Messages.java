package dev.polylog.servers.kurrentdb;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import dev.polylog.servers.kurrentdb.log.LogRecord;
import dev.polylog.servers.kurrentdb.log.Snapshot;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.ReadResp;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records as messages of the protocol. Stateless and thread-safe. */
final class Messages {

    static final Shared.Empty EMPTY = Shared.Empty.getDefaultInstance();

    private Messages() {}

    static Shared.UUID uuid(UUID id, boolean structured) {
        return structured
                ? Shared.UUID
                        .newBuilder()
                        .setStructured(Shared.UUID
                                .Structured
                                .newBuilder()
                                .setMostSignificantBits(id.getMostSignificantBits())
                                .setLeastSignificantBits(id.getLeastSignificantBits()))
                        .build()
                : Shared.UUID.newBuilder().setString(id.toString()).build();
    }

    static Shared.StreamIdentifier stream(String name) {
        return Shared.StreamIdentifier.newBuilder()
                .setStreamName(ByteString.copyFromUtf8(name))
                .build();
    }

    static String name(Shared.StreamIdentifier stream) {
        return stream.getStreamName().toStringUtf8();
    }

    /**
     * An event: its commit and its prepare position are both its own place in the log, in reads of streams too;
     * {@code created} is a decimal number of 100 ns ticks since the Unix epoch.
     */
    private static ReadResp.ReadEvent.RecordedEvent recorded(LogRecord event, boolean structured) {
        return ReadResp.ReadEvent.RecordedEvent.newBuilder()
                .setId(uuid(event.id(), structured))
                .setStreamIdentifier(stream(event.stream()))
                .setStreamRevision(event.revision())
                .setCommitPosition(event.position())
                .setPreparePosition(event.position())
                .putMetadata("type", event.type())
                .putMetadata("created", Long.toString(event.created()))
                .putMetadata("content-type", event.json() ? "application/json" : "application/octet-stream")
                .setCustomMetadata(UnsafeByteOperations.unsafeWrap(event.metadata()))
                .setData(UnsafeByteOperations.unsafeWrap(event.data()))
                .build();
    }

    /** A read event; where links are resolved, a link goes as the link and what it points to, if there, as the event. */
    static ReadResp event(LogRecord event, boolean structured, @Nullable Snapshot resolveIn) {
        ReadResp.ReadEvent.Builder read = ReadResp.ReadEvent.newBuilder().setCommitPosition(event.position());
        if (resolveIn != null && event.type().equals(LogRecord.LINK_TYPE)) {
            read.setLink(recorded(event, structured));
            LogRecord target = target(event, resolveIn);
            if (target != null) {
                read.setEvent(recorded(target, structured));
            }
        } else {
            read.setEvent(recorded(event, structured));
        }
        return ReadResp.newBuilder().setEvent(read).build();
    }

    /** What a link points to: its data is {@code revision@stream}. */
    private static @Nullable LogRecord target(LogRecord link, Snapshot log) {
        String text = new String(link.data(), StandardCharsets.UTF_8);
        int at = text.indexOf('@');
        if (at < 1 || !text.substring(0, at).matches("\\d{1,18}")) {
            return null;
        }
        return log.shownAt(text.substring(at + 1), Long.parseLong(text.substring(0, at)));
    }

    static ReadResp notFound(String stream) {
        return ReadResp.newBuilder()
                .setStreamNotFound(ReadResp.StreamNotFound.newBuilder().setStreamIdentifier(stream(stream)))
                .build();
    }

    static ReadResp first(long revision) {
        return ReadResp.newBuilder().setFirstStreamPosition(revision).build();
    }

    static ReadResp last(long revision) {
        return ReadResp.newBuilder().setLastStreamPosition(revision).build();
    }

    static ReadResp confirmation(UUID subscription) {
        return ReadResp.newBuilder()
                .setConfirmation(
                        ReadResp.SubscriptionConfirmation.newBuilder().setSubscriptionId(subscription.toString()))
                .build();
    }

    static ReadResp checkpoint(long position, Timestamp now) {
        return ReadResp.newBuilder()
                .setCheckpoint(ReadResp.Checkpoint.newBuilder()
                        .setCommitPosition(position)
                        .setPreparePosition(position)
                        .setTimestamp(now))
                .build();
    }
}
