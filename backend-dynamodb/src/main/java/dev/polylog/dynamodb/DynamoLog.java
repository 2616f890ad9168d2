package dev.polylog.dynamodb;

import dev.polylog.dynamodb.Chunk.Stored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The groups of the log and the items that they name, read by their exact keys.
 *
 * <p>Whatever lies at or below a tail that was seen has been committed: what is missing is on its way, and waited for.
 * Thread-safe. Rules G-02, G-06, A-01.
 */
final class DynamoLog {

    /** So many items are fetched in one call, and so many calls run at once: at most 400 KB each, so 40 MB in all. */
    private static final int ITEMS_PER_CALL = 25;

    static final int CALLS_AT_ONCE = 4;

    /** The most items that a caller should ask for at once. */
    static final int MOST_ITEMS = ITEMS_PER_CALL * CALLS_AT_ONCE;

    /** So many entries of groups are remembered, for those who follow the log. */
    private static final int MOST_REMEMBERED = 20_000;

    private final DynamoCalls calls;
    private final Executor executor;
    private final StoredItems items;
    private final TreeMap<Long, LogGroup> remembered = new TreeMap<>();
    private int entries;
    private long epoch;

    DynamoLog(DynamoCalls calls, Executor executor, StoredItems items) {
        this.calls = calls;
        this.executor = executor;
        this.items = items;
    }

    /** A group that has been committed, as the table has it. */
    LogGroup group(long number) {
        Key key = DynamoLayout.logItem(number);
        return Objects.requireNonNull(
                awaitAll(List.of(key), DynamoCalls.MOST_KEYS, LogGroup::of).get(key));
    }

    /**
     * The groups from one number to another, both included, at most {@link DynamoCalls#MOST_KEYS} and not behind the tail.
     * A group never changes within an epoch, so those that were read lately are not read again.
     */
    List<LogGroup> groups(DynamoTail tail, long from, long to) {
        Map<Long, LogGroup> found = remembered(tail, from, to);
        List<Key> keys = new ArrayList<>();
        for (long number = from; number <= to; number++) {
            if (!found.containsKey(number)) {
                keys.add(DynamoLayout.logItem(number));
            }
        }
        if (!keys.isEmpty()) {
            Collection<LogGroup> read =
                    awaitAll(keys, DynamoCalls.MOST_KEYS, LogGroup::of).values();
            read.forEach(group -> found.put(group.group(), group));
            remember(tail, read);
        }
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Objects.requireNonNull(found.get(number)))
                .toList();
    }

    private synchronized Map<Long, LogGroup> remembered(DynamoTail tail, long from, long to) {
        if (tail.epoch() != epoch) {
            remembered.clear();
            entries = 0;
            epoch = tail.epoch();
        }
        return new HashMap<>(remembered.subMap(from, true, to, true));
    }

    /** Of what is remembered the oldest goes first: who follows the log is at its end. */
    private synchronized void remember(DynamoTail tail, Collection<LogGroup> groups) {
        if (tail.epoch() != epoch) {
            return;
        }
        for (LogGroup group : groups) {
            entries += remembered.put(group.group(), group) == null ? size(group) : 0;
        }
        while (entries > MOST_REMEMBERED) {
            entries -= size(remembered.pollFirstEntry().getValue());
        }
    }

    private static int size(LogGroup group) {
        return 1 + group.entries().size();
    }

    /** The items that entries of groups up to a tail name; at most {@link #MOST_ITEMS}. */
    Map<Key, Stored> items(DynamoTail tail, Collection<LogEntry> entries) {
        Map<Key, Stored> found = new HashMap<>();
        List<Key> keys = new ArrayList<>();
        for (LogEntry entry : entries) {
            Key key = entry.key();
            items.get(tail.epoch(), key).ifPresentOrElse(item -> found.put(key, item), () -> keys.add(key));
        }
        if (!keys.isEmpty()) {
            Map<Key, Stored> read = awaitAll(keys, ITEMS_PER_CALL, Stored::of);
            items.put(tail.epoch(), read.values());
            found.putAll(read);
        }
        return found;
    }

    private <T> Map<Key, T> awaitAll(Collection<Key> keys, int perCall, Function<Map<String, AttributeValue>, T> read) {
        Map<Key, T> found = new HashMap<>();
        Set<Key> missing = new LinkedHashSet<>(keys);
        DynamoCalls.Patience patience = calls.patience();
        while (true) {
            fetch(List.copyOf(missing), perCall).forEach((key, item) -> {
                found.put(key, read.apply(item));
                missing.remove(key);
            });
            if (missing.isEmpty()) {
                return found;
            }
            patience.pauseOrGiveUp(
                    "reading the log",
                    "the item " + missing.iterator().next()
                            + ", which was committed, is not visible. If the table was restored from a backup, repair"
                            + " it with DynamoRepair");
        }
    }

    private Map<Key, Map<String, AttributeValue>> fetch(List<Key> keys, int perCall) {
        if (keys.size() <= perCall) {
            return calls.getAll("reading the log", keys);
        }
        List<CompletableFuture<Map<Key, Map<String, AttributeValue>>>> parts = new ArrayList<>();
        for (int begin = 0; begin < keys.size(); begin += perCall) {
            List<Key> part = keys.subList(begin, Math.min(keys.size(), begin + perCall));
            parts.add(begin(() -> calls.getAll("reading the log", part)));
        }
        Map<Key, Map<String, AttributeValue>> found = new HashMap<>();
        parts.forEach(part -> found.putAll(joined(part)));
        return found;
    }

    private <T> CompletableFuture<T> begin(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, executor);
        } catch (RejectedExecutionException e) {
            calls.requireOpen();
            throw e;
        }
    }

    private static <T> T joined(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
