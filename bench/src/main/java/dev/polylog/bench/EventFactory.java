package dev.polylog.bench;

import dev.polylog.EventData;
import dev.polylog.Metadata;
import dev.polylog.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Makes the events of all workloads: 300 bytes of JSON payload, 100 bytes of metadata. Confined to one thread. */
final class EventFactory {

    static final int PAYLOAD_BYTES = 300;
    static final int METADATA_BYTES = 100;

    private static final Metadata METADATA = metadata();
    private static final String TYPE = "Benched";

    private static final String BEGIN = "{\"number\":";
    private static final String MIDDLE = ",\"text\":\"";
    private static final String END = "\"}";

    private final SplittableRandom random;
    private long number;
    private String text = "";

    EventFactory(long seed) {
        this.random = new SplittableRandom(seed);
    }

    List<EventData> next(int count) {
        if (count == 1) {
            return List.of(next());
        }
        List<EventData> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(next());
        }
        return events;
    }

    private EventData next() {
        UUID id = new UUID(random.nextLong(), random.nextLong());
        return new EventData(id, TYPE, EventData.JSON, payload(number++), METADATA);
    }

    /** Costs little, since it is measured with the stores: the text is made anew only where the number gets longer. */
    private Payload payload(long number) {
        String digits = Long.toString(number);
        int length = PAYLOAD_BYTES - BEGIN.length() - digits.length() - MIDDLE.length() - END.length();
        if (text.length() != length) {
            text = "x".repeat(length);
        }
        return Payload.utf8(BEGIN + digits + MIDDLE + text + END);
    }

    private static Metadata metadata() {
        // In JSON form: {"trace":"…"}
        return Metadata.of("trace", "y".repeat(METADATA_BYTES - "{\"trace\":\"\"}".length()));
    }
}
