package dev.polylog.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.EventData;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.dynamodb.Chunk.Stored;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoredItemsTest {

    private final StoredItems items = new StoredItems();

    private static Stored item(String stream, long version, int events, int bytes) {
        List<EventData> all = new ArrayList<>();
        while (all.size() < events) {
            all.add(EventData.of("Sized", "application/octet-stream", Payload.of(new byte[bytes])));
        }
        Chunk chunk = new Chunk(StreamId.of(stream), version, version, version + events - 1, 0, all);
        return new Stored(chunk, version, Instant.EPOCH);
    }

    @Test
    void an_item_is_found_by_its_key_and_by_each_version_that_it_holds() {
        Stored item = item("a", 4, 3, 1);
        items.put(1, List.of(item, item("b", 1, 9, 1)));
        StreamId stream = StreamId.of("a");
        assertThat(items.get(1, DynamoLayout.streamItem(stream, 4))).contains(item);
        assertThat(items.get(1, DynamoLayout.streamItem(stream, 5))).isEmpty();
        for (long version = 1; version <= 9; version++) {
            boolean held = version >= 4 && version <= 6;
            assertThat(items.covering(1, stream, version).isPresent())
                    .as("version %d", version)
                    .isEqualTo(held);
        }
    }

    @Test
    void the_last_item_is_the_one_with_the_highest_version_in_whatever_order_they_came() {
        items.put(1, List.of(item("a", 10, 1, 1), item("a", 100, 1, 1), item("a", 9, 1, 1)));
        assertThat(items.last(1, StreamId.of("a")).orElseThrow().chunk().version())
                .isEqualTo(100);
        assertThat(items.last(1, StreamId.of("b"))).isEmpty();
    }

    @Test
    void another_epoch_forgets_everything() {
        items.put(1, List.of(item("a", 1, 1, 1)));
        assertThat(items.last(2, StreamId.of("a"))).isEmpty();
        assertThat(items.get(2, DynamoLayout.streamItem(StreamId.of("a"), 1))).isEmpty();
    }

    @Test
    void what_was_not_used_for_longest_goes_first() {
        items.put(1, List.of(item("used", 1, 1, 300_000), item("unused", 1, 1, 300_000)));
        for (int i = 1; i <= 25; i++) {
            assertThat(items.last(1, StreamId.of("used"))).isPresent();
            items.put(1, List.of(item("more", i, 1, 300_000)));
        }
        assertThat(items.last(1, StreamId.of("unused"))).isEmpty();
        assertThat(items.last(1, StreamId.of("used"))).isPresent();
        assertThat(items.covering(1, StreamId.of("more"), 25)).isPresent();
    }
}
