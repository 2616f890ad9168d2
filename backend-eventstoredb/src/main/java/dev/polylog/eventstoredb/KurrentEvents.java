package dev.polylog.eventstoredb;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import io.kurrent.dbclient.EventDataBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Events in our form and in KurrentDB's. Versions are revisions plus one; a position is the pair of commit and prepare
 * position, as KurrentDB has it. What KurrentDB has no place for travels in the metadata. Stateless and thread-safe.
 */
final class KurrentEvents {

    private static final String BYTES = "application/octet-stream";
    private static final UUID ZERO = new UUID(0, 0);

    /** Stands for the id of all zeros, which the server does not take. */
    private static final UUID FOR_ZERO = UUID.fromString("7f2c1e0a-93b4-4d57-8a6e-5d0c4b1f9e38");

    /** What the second protocol takes for a type. */
    private static final Pattern PLAIN_TYPE = Pattern.compile("[a-zA-Z0-9_.$:-]+");

    private static final Pattern ODD_CHARACTER = Pattern.compile("[^a-zA-Z0-9_.$:-]");

    private KurrentEvents() {}

    /** Which protocol an append goes by: the second one takes plain types only. */
    enum Protocol {
        SINGLE_STREAM,
        SEVERAL_STREAMS
    }

    static List<io.kurrent.dbclient.EventData> encode(List<EventData> events, String attempt, Protocol protocol) {
        KurrentMetadata.Writer metadata = new KurrentMetadata.Writer();
        return events.stream()
                .map(event -> encode(event, attempt, protocol, metadata))
                .toList();
    }

    private static io.kurrent.dbclient.EventData encode(
            EventData event, String attempt, Protocol protocol, KurrentMetadata.Writer metadata) {
        Map<String, String> ours = new LinkedHashMap<>();
        ours.put(KurrentMetadata.ATTEMPT, attempt);
        boolean json = event.contentType().equals(EventData.JSON);
        if (!json && !event.contentType().equals(BYTES)) {
            ours.put(KurrentMetadata.CONTENT_TYPE, event.contentType());
        }
        if (event.id().equals(ZERO)) {
            ours.put(KurrentMetadata.ID, ZERO.toString());
        }
        String type = type(event.type(), protocol);
        if (!type.equals(event.type())) {
            ours.put(KurrentMetadata.TYPE, event.type());
        }
        byte[] payload = event.payload().toByteArray();
        EventDataBuilder builder = json
                ? io.kurrent.dbclient.EventData.builderAsJson(id(event.id()), type, payload)
                : io.kurrent.dbclient.EventData.builderAsBinary(id(event.id()), type, payload);
        return builder.metadataAsBytes(metadata.encode(event.metadata(), ours)).build();
    }

    /** An event's id as the server holds it. */
    static UUID id(UUID id) {
        return id.equals(ZERO) ? FOR_ZERO : id;
    }

    private static String type(String type, Protocol protocol) {
        boolean plain =
                protocol == Protocol.SINGLE_STREAM || PLAIN_TYPE.matcher(type).matches();
        if (plain && !KurrentLayout.isSystemType(type)) {
            return type;
        }
        return KurrentLayout.isSystemType(type)
                ? "_" + type.substring(1).replace('>', '_')
                : ODD_CHARACTER.matcher(type).replaceAll("_");
    }

    /** One of several events in a row, read with the same reader. */
    static RecordedEvent decode(io.kurrent.dbclient.RecordedEvent event, KurrentMetadata.Reader metadata) {
        return decode(event, position(event.getPosition()), metadata);
    }

    /** The same of an event whose position is known already. */
    static RecordedEvent decode(
            io.kurrent.dbclient.RecordedEvent event, Position position, KurrentMetadata.Reader metadata) {
        KurrentMetadata.Decoded ours = metadata.decode(event.getUserMetadata());
        return new RecordedEvent(
                StreamId.of(event.getStreamId()),
                event.getRevision() + 1,
                position,
                event.getCreated(),
                ours == null ? foreign(event) : own(event, ours));
    }

    private static EventData own(io.kurrent.dbclient.RecordedEvent event, KurrentMetadata.Decoded ours) {
        return new EventData(
                ours.our(KurrentMetadata.ID).map(UUID::fromString).orElse(event.getEventId()),
                ours.our(KurrentMetadata.TYPE).orElse(event.getEventType()),
                ours.our(KurrentMetadata.CONTENT_TYPE).orElse(event.getContentType()),
                Payload.of(event.getEventData()),
                ours.metadata());
    }

    private static EventData foreign(io.kurrent.dbclient.RecordedEvent event) {
        Metadata metadata = ForeignMetadata.decode(event.getUserMetadata());
        return new EventData(
                event.getEventId(),
                event.getEventType(),
                event.getContentType(),
                Payload.of(event.getEventData()),
                metadata);
    }

    /** Which attempt wrote an event; null where it was not one of ours. */
    static @Nullable String attempt(io.kurrent.dbclient.RecordedEvent event) {
        return KurrentMetadata.attempt(event.getUserMetadata());
    }

    static Position position(io.kurrent.dbclient.Position position) {
        return new Position(position.getCommitUnsigned(), position.getPrepareUnsigned());
    }

    /** The position of the last event of an append to several streams, for which the server gives one number. */
    static Position position(long position) {
        return new Position(position, position);
    }
}
