package dev.polylog.dynamodb;

import dev.polylog.CorruptEvent;
import dev.polylog.StreamId;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How the log lies in its table: keys, and names of attributes.
 *
 * <ul>
 *   <li>{@code STREAM#<name>}, {@code VERSION#<first>}: what one append wrote to one stream, all its events in one item;
 *       only where these are too large for one item do they go on in others of the same transaction.
 *   <li>{@code LOG#<group mod 16>}, {@code GROUP#<group>}: what a group of appends wrote, in its order.
 *   <li>{@code TAIL}, {@code TAIL}: the number of the last group, the head, which log this is, and who waits for a turn.
 *   <li>{@code CELL#<name>}, {@code CELL}: a cell.
 * </ul>
 *
 * <p>A name stands alone behind a fixed prefix, in an attribute of its own, so two names never meet in one key and no
 * character of a name has a meaning: nothing has to be escaped. Numbers in keys have 20 digits, so that they sort.
 * Stateless and thread-safe.
 */
final class DynamoLayout {

    /** The version of the layout that this code makes and knows. */
    static final int VERSION = 1;

    /** Over so many partitions the log is spread. */
    static final int STRIPES = 16;

    static final String PARTITION_KEY = "PK";
    static final String SORT_KEY = "SK";

    /** The tail: layout, log, epoch, group, the head's two halves, and who waits for a turn, where anybody does. */
    static final String LAYOUT = "layout";

    static final String LOG = "log";
    static final String EPOCH = "epoch";
    static final String GROUP = "group";
    static final String HEAD_GROUP = "headGroup";
    static final String HEAD_INDEX = "headIndex";
    static final String WAITING = "waiting";

    /** A group: who wrote it, when, and its entries: stream, first version, how many. */
    static final String ATTEMPT = "attempt";

    static final String AT = "at";
    static final String ENTRIES = "entries";
    static final String ENTRY_STREAM = "s";
    static final String ENTRY_VERSION = "v";
    static final String ENTRY_COUNT = "n";

    /** A stream's item: its group and index in it, the versions at which its append begins and ends, and the events. */
    static final String INDEX = "index";

    static final String FIRST = "first";
    static final String LAST = "last";
    static final String EVENTS = "events";
    static final String EVENT_ID = "id";
    static final String EVENT_TYPE = "type";
    static final String EVENT_CONTENT = "content";
    static final String EVENT_DATA = "data";
    static final String EVENT_METADATA = "meta";

    /** A cell. */
    static final String REVISION = "revision";

    static final String VALUE = "value";
    static final String WRITER = "writer";

    static final Key TAIL = new Key("TAIL", "TAIL");

    /** How the partitions of the log begin. */
    static final String LOG_PREFIX = "LOG#";

    private static final String STREAM_PREFIX = "STREAM#";
    private static final String VERSION_PREFIX = "VERSION#";

    private DynamoLayout() {}

    static String streamPartition(StreamId stream) {
        return STREAM_PREFIX + stream.name();
    }

    static String versionSort(long version) {
        return VERSION_PREFIX + digits(version);
    }

    static Key streamItem(StreamId stream, long first) {
        return new Key(streamPartition(stream), versionSort(first));
    }

    static Key logItem(long group) {
        return new Key(logPartition((int) (group % STRIPES)), "GROUP#" + digits(group));
    }

    static String logPartition(int stripe) {
        return LOG_PREFIX + (stripe < 10 ? "0" : "") + stripe;
    }

    static Key cell(String name) {
        return new Key("CELL#" + name, "CELL");
    }

    /** The stream whose item this is the key of, or nothing where it is another kind of item. */
    static Optional<StreamId> stream(Key key) {
        return key.partition().startsWith(STREAM_PREFIX)
                ? Optional.of(StreamId.of(key.partition().substring(STREAM_PREFIX.length())))
                : Optional.empty();
    }

    /** The number in a sort key. */
    static long number(String sort) {
        return Long.parseLong(sort.substring(sort.indexOf('#') + 1));
    }

    private static String digits(long number) {
        String plain = Long.toString(number);
        return "0".repeat(20 - plain.length()) + plain;
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(present(item.get(name), item, name).n());
    }

    static String text(Map<String, AttributeValue> item, String name) {
        return present(item.get(name), item, name).s();
    }

    static AttributeValue present(@Nullable AttributeValue value, Map<String, AttributeValue> item, String name) {
        if (value == null) {
            throw new CorruptEvent(
                    "an item of the table has no attribute " + name + " (it has " + item.keySet()
                            + "): something else than Polylog has written it",
                    null);
        }
        return value;
    }
}
