package dev.polylog.dynamodb;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A group of the log: what one transaction wrote, in its order.
 *
 * <p>Immutable and thread-safe.
 *
 * @param group its number
 * @param attempt who wrote it: by this an attempt in doubt finds itself
 * @param entries the items of streams, in the global order; empty where an attempt was fenced
 */
record LogGroup(long group, String attempt, List<LogEntry> entries) {

    LogGroup {
        entries = List.copyOf(entries);
    }

    Key key() {
        return DynamoLayout.logItem(group);
    }

    /** How many events it holds. */
    int events() {
        return entries.stream().mapToInt(LogEntry::count).sum();
    }

    Map<String, AttributeValue> item(Instant at) {
        Map<String, AttributeValue> item = new HashMap<>(key().attributes());
        item.put(DynamoLayout.ATTEMPT, AttributeValue.fromS(attempt));
        item.put(DynamoLayout.AT, DynamoLayout.number(Chunk.micros(at)));
        item.put(
                DynamoLayout.ENTRIES,
                AttributeValue.fromL(entries.stream().map(LogEntry::attribute).toList()));
        return item;
    }

    static LogGroup of(Map<String, AttributeValue> item) {
        List<LogEntry> entries = new ArrayList<>();
        for (AttributeValue entry : DynamoLayout.present(item.get(DynamoLayout.ENTRIES), item, DynamoLayout.ENTRIES)
                .l()) {
            entries.add(LogEntry.of(entry.m()));
        }
        return new LogGroup(
                DynamoLayout.number(Key.of(item).sort()), DynamoLayout.text(item, DynamoLayout.ATTEMPT), entries);
    }
}
