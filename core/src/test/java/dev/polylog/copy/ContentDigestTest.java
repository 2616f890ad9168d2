package dev.polylog.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ContentDigestTest {

    private static final StreamId STREAM = StreamId.of("Order-ü");
    private static final EventData EVENT = new EventData(
            UUID.fromString("08b1cde8-d7c9-55f8-ba1c-733104d4969f"),
            "T",
            "application/json",
            Payload.utf8("{}"),
            Metadata.of("k", "v"));

    private static String of(StreamId stream, long version, EventData event) {
        ContentDigest digest = new ContentDigest();
        digest.add(stream, version, event);
        return digest.hex();
    }

    @Test
    void it_is_the_sha_256_of_the_documented_bytes() {
        assertThat(new ContentDigest().hex())
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assertThat(of(STREAM, 7, EVENT)).isEqualTo("0c3589ae89288c86189a1c19e1fab01e28223b0b2126d718d12c4c1cb499117c");
    }

    @Test
    void every_part_of_the_content_counts() {
        List<EventData> others = List.of(
                EVENT,
                EVENT.withId(new UUID(1, 2)),
                new EventData(EVENT.id(), "U", EVENT.contentType(), EVENT.payload(), EVENT.metadata()),
                new EventData(EVENT.id(), "T", "text/plain", EVENT.payload(), EVENT.metadata()),
                new EventData(EVENT.id(), "T", EVENT.contentType(), Payload.utf8("[]"), EVENT.metadata()),
                EVENT.withMetadata("k", "w"),
                EVENT.withMetadata("l", "v"),
                EVENT.withMetadata(Metadata.empty()),
                EVENT.withMetadata(Metadata.of("kv", "")));
        Set<String> digests = new HashSet<>(Set.of(of(StreamId.of("Order-u"), 7, EVENT), of(STREAM, 8, EVENT)));
        others.forEach(event -> digests.add(of(STREAM, 7, event)));
        assertThat(digests).hasSize(others.size() + 2);
    }

    @Test
    void positions_and_times_do_not_count_but_the_order_does() {
        ContentDigest forwards = new ContentDigest();
        forwards.add(new RecordedEvent(STREAM, 1, Position.of(5), Instant.EPOCH, EVENT));
        forwards.add(new RecordedEvent(StreamId.of("B"), 1, Position.of(6), Instant.EPOCH, EVENT));
        ContentDigest same = new ContentDigest();
        same.add(STREAM, 1, EVENT);
        String half = same.hex();
        same.add(StreamId.of("B"), 1, EVENT);
        ContentDigest turned = new ContentDigest();
        turned.add(StreamId.of("B"), 1, EVENT);
        turned.add(STREAM, 1, EVENT);
        assertThat(forwards.hex())
                .isEqualTo(same.hex())
                .isNotEqualTo(turned.hex())
                .isNotEqualTo(half);
        assertThat(forwards.events()).isEqualTo(2);
    }
}
