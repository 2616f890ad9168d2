package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.any;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.Filter;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.ReadOptions;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Chapter G: filters (G-04) and how far a filtered read has looked (G-05). */
interface LogFilterChecks {

    List<String> CATEGORIES = List.of("Order", "order", "Ord", "Order%", "Or_er", "\u00d6rder", "");

    List<String> TYPES = List.of("Placed", "placed", "Paid", "Pa", "Pa%", "\u00c9mis", "Placed ");

    /** Random events in streams of many categories; the names begin with a prefix of the test's own. */
    private static List<RecordedEvent> mixture(TckContext tck, String own, int appends) {
        for (int i = 0; i < appends; i++) {
            Random random = tck.random();
            String category = own + CATEGORIES.get(random.nextInt(CATEGORIES.size()));
            int key = random.nextInt(4);
            StreamId stream = tck.ownStream(StreamId.of(key == 0 ? category : category + "-" + key));
            List<EventData> events = new ArrayList<>();
            for (int n = 0; n <= random.nextInt(3); n++) {
                events.add(EventData.of(TYPES.get(random.nextInt(TYPES.size())), "text/plain", Payload.empty()));
            }
            tck.store().append(stream, any(), events);
        }
        return tck.appended();
    }

    private static Filter randomFilter(Random random, String own) {
        Set<String> categories = new HashSet<>();
        Set<String> types = new HashSet<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            categories.add(own + CATEGORIES.get(random.nextInt(CATEGORIES.size())));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            types.add(TYPES.get(random.nextInt(TYPES.size())));
        }
        String category = CATEGORIES.get(random.nextInt(CATEGORIES.size()));
        String prefix = random.nextBoolean() ? "" : own + category.substring(0, random.nextInt(category.length() + 1));
        return new Filter(categories, random.nextInt(4) == 0 ? prefix + "-" : prefix, types);
    }

    private static List<RecordedEvent> matching(List<RecordedEvent> events, Filter filter) {
        return events.stream()
                .filter(event -> filter.matches(event.stream(), event.type()))
                .toList();
    }

    @Test
    default void g04_filters_give_what_filtering_in_the_client_gives(TckContext tck) {
        String own = tck.unique("F");
        List<RecordedEvent> log = mixture(tck, own, 150);
        for (int i = 0; i < 150; i++) {
            Filter filter = randomFilter(tck.random(), own);
            int page = List.of(1, 2, 7, 100).get(i % 4);
            assertThat(LogReads.forwards(tck.backend(), tck.start(), filter, page))
                    .as("%s in pages of %s", filter, page)
                    .isEqualTo(matching(log, filter));
        }
    }

    @Test
    default void g04_filters_work_backwards_too(TckContext tck) {
        String own = tck.unique("F");
        List<RecordedEvent> log = new ArrayList<>(mixture(tck, own, 80));
        Collections.reverse(log);
        for (int i = 0; i < 60; i++) {
            Filter filter = randomFilter(tck.random(), own).prefix(own);
            int page = List.of(1, 3, 50).get(i % 3);
            ReadOptions.OfAll options =
                    ReadOptions.all().backwards().filter(filter).pageSize(page);
            List<RecordedEvent> read = tck.store()
                    .readAll(options.limit(matching(log, filter).size()))
                    .toList();
            assertThat(read).as("%s backwards in pages of %s", filter, page).isEqualTo(matching(log, filter));
        }
    }

    @Test
    default void g04_parts_of_a_filter_are_combined_by_and(TckContext tck) {
        String own = tck.unique("And");
        StreamId one = tck.ownStream(StreamId.of(own + "-1"));
        StreamId other = tck.ownStream(StreamId.of(own + "-2"));
        StreamId foreign = tck.ownStream(StreamId.of(own + "x-1"));
        for (StreamId stream : List.of(one, other, foreign)) {
            tck.store()
                    .append(
                            stream,
                            noStream(),
                            EventData.of("A", "text/plain", Payload.empty()),
                            EventData.of("B", "text/plain", Payload.empty()));
        }
        Filter filter = Filter.all().categories(own).types("B").prefix(own + "-1");
        assertThat(LogReads.forwards(tck.backend(), tck.start(), filter, 10))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.stream()).isEqualTo(one);
                    assertThat(event.type()).isEqualTo("B");
                });
        Filter contradiction = Filter.all().categories(own).prefix(own + "x");
        assertThat(LogReads.forwards(tck.backend(), tck.start(), contradiction, 10))
                .isEmpty();
    }

    @Test
    default void g04_the_characters_of_patterns_mean_themselves(TckContext tck) {
        String own = tck.unique("Pat");
        for (String name :
                List.of("a%b-1", "axb-1", "a_b-1", "a*b-1", "a?b-1", "a\\b-1", "a[xy]b-1", "A%b-1", "a%B-1")) {
            tck.store().append(tck.ownStream(StreamId.of(own + name)), noStream(), tck.event());
        }
        List<RecordedEvent> log = tck.appended();
        for (String part : List.of("a%", "a_", "a*", "a?", "a\\", "a[", "a%b", "%", "_", "a", "A")) {
            Filter prefix = Filter.all().prefix(own + part);
            Filter category = Filter.all().categories(own + part, own + part + "b");
            assertThat(LogReads.forwards(tck.backend(), tck.start(), prefix, 10))
                    .as(part)
                    .isEqualTo(matching(log, prefix));
            assertThat(LogReads.forwards(tck.backend(), tck.start(), category, 10))
                    .as(part)
                    .isEqualTo(matching(log, category));
        }
    }

    @Test
    default void g05_a_filtered_read_moves_on_although_nothing_matches(TckContext tck) {
        for (int i = 0; i < 25; i++) {
            tck.store().append(tck.freshStream(), noStream(), tck.events(3));
        }
        Position head = tck.store().watermark().position();
        Filter nothing = Filter.all().categories(tck.unique("Nobody"));
        Position position = tck.start();
        for (int pages = 0; ; pages++) {
            LogSlice slice = tck.backend().readAll(LogRead.after(position, 5).withFilter(nothing));
            assertThat(slice.events()).isEmpty();
            assertThat(slice.lookedUpTo().compareTo(position)).isGreaterThanOrEqualTo(0);
            assertThat(pages).as("pages of a log of 75 events").isLessThan(200);
            position = slice.lookedUpTo();
            if (slice.atHead()) {
                break;
            }
        }
        assertThat(head.isAfter(position))
                .as("whether the head %s was not looked at", head)
                .isFalse();
    }

    @Test
    default void g05_what_follows_the_place_looked_up_to_is_found(TckContext tck) {
        String own = tck.unique("Later");
        Filter filter = Filter.all().categories(own);
        Position position = tck.start();
        for (int round = 0; round < 15; round++) {
            tck.store().append(tck.freshStream(), noStream(), tck.events(4));
            LogSlice without = lastPage(tck, position, filter);
            assertThat(without.events()).isEmpty();
            position = without.lookedUpTo();
            StreamId stream = tck.ownStream(StreamId.of(own + "-" + round));
            tck.store().append(stream, noStream(), tck.event());
            LogSlice with = lastPage(tck, position, filter);
            assertThat(with.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.stream()).isEqualTo(stream));
            position = with.lookedUpTo();
        }
    }

    private static LogSlice lastPage(TckContext tck, Position after, Filter filter) {
        Position position = after;
        while (true) {
            LogSlice slice = tck.backend().readAll(LogRead.after(position, 100).withFilter(filter));
            if (slice.atHead() || !slice.events().isEmpty()) {
                return slice;
            }
            position = slice.lookedUpTo();
        }
    }

    @Test
    default void g05_going_on_from_each_place_looked_up_to_skips_and_repeats_nothing(TckContext tck) {
        String own = tck.unique("Go");
        List<RecordedEvent> log = mixture(tck, own, 60);
        for (int page : new int[] {1, 2, 5, 13}) {
            Filter filter = Filter.all().prefix(own + "Ord").types("Placed", "Paid");
            List<RecordedEvent> collected = new ArrayList<>();
            Position position = tck.start();
            LogSlice slice;
            do {
                slice = tck.backend().readAll(new LogRead(Direction.FORWARDS, position, filter, page, Long.MAX_VALUE));
                collected.addAll(slice.events());
                position = slice.lookedUpTo();
            } while (!slice.atHead());
            assertThat(collected).as("pages of %s", page).isEqualTo(matching(log, filter));
        }
    }
}
