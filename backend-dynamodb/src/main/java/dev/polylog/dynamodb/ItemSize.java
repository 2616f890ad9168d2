package dev.polylog.dynamodb;

import dev.polylog.EventData;
import dev.polylog.StreamId;
import java.nio.charset.StandardCharsets;

/**
 * How large items are by DynamoDB's rules: names and texts in UTF-8, a number one byte for two digits and one more, a list
 * or map three bytes and one for each member. Counted a little high, never low. Stateless and thread-safe.
 */
final class ItemSize {

    /** Both keys' names, the digits of the version, five numbers with their names, the list of events. */
    private static final int FRAME = 2 + 2 + 7 + 28 + (5 + 12) + (5 + 4) + (2 + 12) + (5 + 12) + (4 + 12) + (6 + 3);

    /** The map, its five members, their names, and the id. */
    private static final int EVENT_FRAME = 3 + 1 + 5 + (2 + 16) + 4 + 7 + 4 + 4;

    /** A map of three with short names and two numbers. */
    private static final int ENTRY_FRAME = 3 + 1 + 3 + 3 + 12 + 4;

    /** Keys, the attempt's id, the moment, the list. */
    private static final int GROUP_FRAME = 2 + 6 + 2 + 26 + (7 + 36) + (2 + 12) + (7 + 3);

    private ItemSize() {}

    static int ofKeys(StreamId stream) {
        return FRAME + utf8(stream.name());
    }

    static int of(EventData event) {
        return EVENT_FRAME
                + utf8(event.type())
                + utf8(event.contentType())
                + event.payload().size()
                + event.metadata().jsonSize();
    }

    static int of(LogEntry entry) {
        return ENTRY_FRAME + utf8(entry.stream().name());
    }

    static int ofGroup() {
        return GROUP_FRAME;
    }

    private static int utf8(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }
}
