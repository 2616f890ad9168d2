package dev.polylog.dynamodb;

import dev.polylog.IncompatibleLayout;
import dev.polylog.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param waiting the processes that wait for a turn, the next one first
 */
record DynamoTail(String log, long epoch, long group, Position head, List<String> waiting) {

    DynamoTail {
        waiting = List.copyOf(waiting);
    }

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
                        DynamoLayout.number(item, DynamoLayout.HEAD_INDEX)),
                waiting(item));
    }

    private static List<String> waiting(Map<String, AttributeValue> item) {
        AttributeValue waiting = item.get(DynamoLayout.WAITING);
        return waiting == null
                ? List.of()
                : waiting.l().stream().map(AttributeValue::s).toList();
    }

    /** The tail of a log that has just been made. */
    static DynamoTail first(String log) {
        return new DynamoTail(log, 1, 0, Position.START, List.of());
    }

    /** The item of a log for whose tail nobody waits yet. */
    Map<String, AttributeValue> item() {
        Map<String, AttributeValue> item = new HashMap<>(DynamoLayout.TAIL.attributes());
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
        return new DynamoTail(log, epoch, nextGroup, nextHead, waiting);
    }

    /** The tail after whoever had the turn has taken it. */
    DynamoTail turned() {
        return waiting.isEmpty() ? this : new DynamoTail(log, epoch, group, head, waiting.subList(1, waiting.size()));
    }

    /** Whether this is the same place in the same log: nothing was written between the two. */
    boolean isWhere(DynamoTail other) {
        return log.equals(other.log) && epoch == other.epoch && group == other.group;
    }

    /** Whose turn it is; nobody's where nobody waits, and then anybody may go. */
    Optional<String> turn() {
        return waiting.stream().findFirst();
    }

    /** Where an event stands: the number of its group, and its index in the group. */
    static Position position(long group, long index) {
        return new Position(group, index);
    }
}
