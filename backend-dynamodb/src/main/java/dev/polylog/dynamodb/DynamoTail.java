package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What the tail item says: which log this is and how far it goes.
 *
 * <p>Immutable and thread-safe.
 *
 * @param log the log's identity
 * @param epoch grows when the log may have lost its end
 * @param group the number of the last group, 0 where there is none; never falls within an epoch
 * @param head the position of the last event
 */
record DynamoTail(String log, long epoch, long group, Position head) {

    /**
     * Reads the item.
     *
     * @throws IncompatibleLayout if its layout is not known
     */
    static DynamoTail of(String table, Map<String, AttributeValue> item) {
        AttributeValue layout = item.get(DynamoLayout.LAYOUT);
        if (layout == null || layout.n() == null || !layout.n().equals(Integer.toString(DynamoLayout.VERSION))) {
            throw new IncompatibleLayout(
                    table + ": the layout of this log has version " + (layout == null ? "none" : layout.n())
                            + ", this library knows version " + DynamoLayout.VERSION
                            + ". Use a library that knows it",
                    null);
        }
        return new DynamoTail(
                DynamoLayout.text(item, DynamoLayout.LOG),
                DynamoLayout.number(item, DynamoLayout.EPOCH),
                DynamoLayout.number(item, DynamoLayout.GROUP),
                position(
                        DynamoLayout.number(item, DynamoLayout.HEAD_GROUP),
                        DynamoLayout.number(item, DynamoLayout.HEAD_INDEX)));
    }

    /** The tail of a log that has just been made. */
    static DynamoTail first(String log) {
        return new DynamoTail(log, 1, 0, Position.START);
    }

    /** The item. */
    Map<String, AttributeValue> item() {
        Map<String, AttributeValue> item = new java.util.HashMap<>(DynamoLayout.TAIL.attributes());
        item.put(DynamoLayout.LAYOUT, DynamoLayout.number(DynamoLayout.VERSION));
        item.put(DynamoLayout.LOG, AttributeValue.fromS(log));
        item.put(DynamoLayout.EPOCH, DynamoLayout.number(epoch));
        item.put(DynamoLayout.GROUP, DynamoLayout.number(group));
        item.put(DynamoLayout.HEAD_GROUP, DynamoLayout.number(head.high()));
        item.put(DynamoLayout.HEAD_INDEX, DynamoLayout.number(head.low()));
        return item;
    }

    /** The tail after one more group. */
    DynamoTail with(long nextGroup, Position nextHead) {
        return new DynamoTail(log, epoch, nextGroup, nextHead);
    }

    /** Where an event stands: the number of its group, and its index in the group. */
    static Position position(long group, long index) {
        return new Position(group, index);
    }
}
