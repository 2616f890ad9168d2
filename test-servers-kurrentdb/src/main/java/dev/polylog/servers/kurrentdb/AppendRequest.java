package dev.polylog.servers.kurrentdb;

import com.google.protobuf.ByteString;
import dev.polylog.servers.kurrentdb.log.Proposal;
import io.kurrent.dbclient.proto.shared.Shared;
import io.kurrent.dbclient.proto.streams.StreamsOuterClass.AppendReq;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An append as it comes in: options first, then one message an event. Checked in this order: the expected revision is
 * set; then for each event its {@code type} and {@code content-type}, its size, and the sum of the sizes. An all-zero id,
 * an empty type, and an empty stream name or {@code $$} are exceptions that nobody handles. For one thread at a time.
 */
final class AppendRequest implements Collector.Parts<AppendReq> {

    private static final UUID ZERO = new UUID(0, 0);

    private final KurrentVersion version;
    private final List<Proposal.Event> events = new ArrayList<>();
    private @Nullable String stream;
    private long expected;
    private long bytes;

    AppendRequest(KurrentVersion version) {
        this.version = version;
    }

    @Override
    public void add(AppendReq message) {
        if (message.hasOptions()) {
            expected = Expectations.of(message.getOptions());
            stream = Messages.name(message.getOptions().getStreamIdentifier());
        } else {
            events.add(event(message.getProposedMessage()));
        }
    }

    private Proposal.Event event(AppendReq.ProposedMessage message) {
        Map<String, String> metadata = message.getMetadataMap();
        String type = metadata.get("type");
        String contentType = metadata.get("content-type");
        if (type == null || contentType == null) {
            throw Refusals.missingMetadataProperty();
        }
        Proposal.Event event = new Proposal.Event(
                id(message.getId()),
                type,
                contentType.equals("application/json"),
                bytes(message.getCustomMetadata()),
                bytes(message.getData()));
        if (event.limitedSize() > version.maxEventBytes()) {
            throw Refusals.eventTooLarge(version.maxEventBytes(), event.id(), event.limitedSize());
        }
        bytes += event.limitedSize();
        if (bytes > version.maxAppendBytes()) {
            throw Refusals.appendTooLarge(version.maxAppendBytes());
        }
        return event;
    }

    private static UUID id(Shared.UUID id) {
        return id.hasStructured()
                ? new UUID(
                        id.getStructured().getMostSignificantBits(),
                        id.getStructured().getLeastSignificantBits())
                : UUID.fromString(id.getString());
    }

    private static byte[] bytes(ByteString bytes) {
        return bytes.toByteArray();
    }

    Proposal proposal() {
        boolean unusable = stream == null
                || stream.isEmpty()
                || stream.equals("$$")
                || events.stream()
                        .anyMatch(
                                event -> event.id().equals(ZERO) || event.type().isEmpty());
        if (unusable || stream == null) {
            throw Refusals.unhandled();
        }
        return new Proposal(stream, expected, events);
    }
}
