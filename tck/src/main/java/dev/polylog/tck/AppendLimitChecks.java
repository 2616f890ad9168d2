package dev.polylog.tck;

import static dev.polylog.ExpectedVersion.exactly;
import static dev.polylog.ExpectedVersion.noStream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.polylog.Append;
import dev.polylog.EventData;
import dev.polylog.InvalidAppend;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.Limits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chapter A: limits, which are exact. */
interface AppendLimitChecks {

    /** Beyond these a limit is not one that a process of usual size could reach. */
    int MOST_EVENTS = 100_000;

    /** Beyond these a limit is not one that a process of usual size could reach. */
    int MOST_BYTES = 128 << 20;

    private static EventData sized(int payload) {
        return EventData.of("Sized", "application/octet-stream", Payload.of(new byte[payload]));
    }

    private static void accepted(TckContext tck, List<EventData> events) {
        StreamId stream = tck.freshStream();
        Refusals.written(tck.store().append(stream, noStream(), events), stream, 1, events.size());
        assertThat(tck.store().readStream(stream)).hasSize(events.size());
    }

    private static void refused(TckContext tck, List<EventData> events, String limit, long value, long offender) {
        StreamId stream = tck.freshStream();
        InvalidAppend invalid = Refusals.invalid(tck.store(), Append.to(stream, noStream(), events));
        assertThat(invalid)
                .hasMessageContaining(limit)
                .hasMessageContaining(String.valueOf(value))
                .hasMessageContaining(String.valueOf(offender));
        assertThat(tck.store().version(stream)).isZero();
    }

    @Test
    default void a12_every_store_takes_50_events_and_250_000_bytes(TckContext tck) {
        accepted(tck, tck.events(50));
        accepted(tck, List.of(sized(250_000)));
        List<EventData> mixed = new ArrayList<>(tck.events(49));
        mixed.add(sized(200_000));
        accepted(tck, mixed);
    }

    @Test
    default void a12_as_many_events_as_declared_and_not_one_more(TckContext tck) {
        int limit = tck.traits().limits().maxEventsPerAppend();
        assertThat(limit).as("a limit that can be reached").isBetween(Limits.LEAST_EVENTS, MOST_EVENTS);
        accepted(tck, tck.events(limit));
        refused(tck, tck.events(limit + 1), "maxEventsPerAppend", limit, limit + 1L);
    }

    @Test
    default void a12_payloads_as_large_as_declared_and_not_a_byte_more(TckContext tck) {
        int limit = tck.traits().limits().maxPayloadBytes();
        assertThat(limit).as("a limit that can be reached").isBetween(Limits.LEAST_PAYLOAD_BYTES, MOST_BYTES);
        boolean alone = limit + emptyMetadata() <= tck.traits().limits().maxAppendBytes();
        accepted(tck, List.of(sized(alone ? limit : limit - emptyMetadata())));
        refused(tck, List.of(sized(limit + 1)), "maxPayloadBytes", limit, limit + 1L);
    }

    private static int emptyMetadata() {
        return Metadata.empty().toJson().length;
    }

    @Test
    default void a12_metadata_as_large_as_declared_and_not_a_byte_more(TckContext tck) {
        int limit = tck.traits().limits().maxMetadataBytes();
        assertThat(limit).as("a limit that can be reached").isLessThanOrEqualTo(MOST_BYTES);
        int frame = Metadata.of("name", "").toJson().length;
        assertThat(limit).as("a limit that leaves room").isGreaterThanOrEqualTo(1_000);
        String value = "v".repeat(limit - frame);
        accepted(tck, List.of(tck.event().withMetadata("name", value)));
        refused(tck, List.of(tck.event().withMetadata("name", value + "v")), "maxMetadataBytes", limit, limit + 1L);
        String twoBytesEach = "\u00e9".repeat((limit - frame) / 2 + 1);
        assertThat(Refusals.invalid(
                        tck.store(),
                        Append.to(tck.freshStream(), noStream(), tck.event().withMetadata("name", twoBytesEach))))
                .hasMessageContaining("maxMetadataBytes");
    }

    @Test
    default void a12_appends_as_large_as_declared_and_not_a_byte_more(TckContext tck) {
        Limits limits = tck.traits().limits();
        assertThat(limits.maxAppendBytes()).as("a limit that can be reached").isLessThanOrEqualTo(2L * MOST_BYTES);
        long most = (long) limits.maxEventsPerAppend() * (limits.maxPayloadBytes() + emptyMetadata());
        assertThat(limits.maxAppendBytes())
                .as("a limit that other limits do not hide")
                .isLessThan(most);
        accepted(tck, filling(limits.maxAppendBytes(), limits));
        refused(
                tck,
                filling(limits.maxAppendBytes() + 1, limits),
                "maxAppendBytes",
                limits.maxAppendBytes(),
                limits.maxAppendBytes() + 1);
    }

    /** Events whose payloads and metadata have that many bytes together. */
    private static List<EventData> filling(long bytes, Limits limits) {
        List<EventData> events = new ArrayList<>();
        long left = bytes;
        while (left > 0) {
            int payload = (int) Math.min(limits.maxPayloadBytes(), left - emptyMetadata());
            long after = left - payload - emptyMetadata();
            if (after > 0 && after < emptyMetadata()) {
                payload -= emptyMetadata();
                after += emptyMetadata();
            }
            events.add(sized(payload));
            left = after;
        }
        return events;
    }

    @Test
    default void a12_a_refused_append_harms_no_later_one(TckContext tck) {
        StreamId stream = tck.freshStream();
        List<EventData> tooMany = tck.events(tck.traits().limits().maxEventsPerAppend() + 1);
        Refusals.invalid(tck.store(), Append.to(stream, noStream(), tooMany));
        Refusals.written(tck.store().append(stream, noStream(), tooMany.subList(0, 2)), stream, 1, 2);
        Refusals.invalid(tck.store(), Append.to(stream, exactly(2), tooMany));
        Refusals.written(tck.store().append(stream, exactly(2), tooMany.subList(2, 3)), stream, 3, 3);
    }
}
