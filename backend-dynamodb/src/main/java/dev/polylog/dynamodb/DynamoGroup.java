package dev.polylog.dynamodb;

import dev.polylog.AppendResult;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendCommand.StreamWrite;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The appends that one transaction writes, as long as they fit in one: within 100 items and 4 MB, of which the log's item
 * and the tail are two. Confined to one thread.
 */
final class DynamoGroup {

    /** DynamoDB takes 100 items in a transaction; the log's item and the tail are two of them. */
    static final int MOST_SLOTS = 98;

    /** DynamoDB takes 4 MB in a transaction and 400 KB in an item; a little is left for what is counted otherwise. */
    private static final long MOST_BYTES = 4_150_000;

    private static final int MOST_LOG_BYTES = 400_000;

    /**
     * An item that the transaction puts or looks at; in both cases it must not be there yet.
     *
     * @param key its key
     * @param chunk what is put; null where it is only looked at
     * @param members who needs it
     */
    record Slot(Key key, @Nullable Chunk chunk, Set<Integer> members) {}

    /**
     * An append of the group.
     *
     * @param number its number among those that were handed in
     * @param command what it writes
     * @param firstVersions at which version each stream's events begin
     * @param index the index of its first event in the group
     */
    record Member(int number, AppendCommand command, Map<StreamId, Long> firstVersions, int index) {

        /** Where its events stand once the group has that number in the log. */
        AppendResult result(long group) {
            List<AppendResult.Written> written = new ArrayList<>();
            for (StreamWrite write : command.writes()) {
                long first = firstVersions.getOrDefault(write.stream(), 0L);
                written.add(new AppendResult.Written(
                        write.stream(), first, first + write.events().size() - 1));
            }
            return new AppendResult(written, DynamoTail.position(group, index + command.eventCount() - 1L), false);
        }
    }

    private final List<Member> members = new ArrayList<>();
    private final Map<Key, Slot> slots = new LinkedHashMap<>();
    private final Map<StreamId, StreamEnd> ends = new LinkedHashMap<>();
    private int events;
    private long bytes;
    private int logBytes = ItemSize.ofGroup();

    /** Adds an append that was decided to be written; false where it does not fit any more. */
    boolean add(int number, AppendCommand command, Map<StreamId, Long> firstVersions, DynamoView view) {
        List<Chunk> chunks = new ArrayList<>();
        int index = events;
        for (StreamWrite write : command.writes()) {
            chunks.addAll(Chunk.cut(write, firstVersions.getOrDefault(write.stream(), 1L), index));
            index += write.events().size();
        }
        List<Key> checks = checks(command, view);
        if (!fits(chunks, checks)) {
            return false;
        }
        chunks.forEach(chunk -> put(chunk, number));
        checks.forEach(key -> slots.computeIfAbsent(key, k -> new Slot(k, null, new HashSet<>()))
                .members()
                .add(number));
        for (StreamWrite write : command.writes()) {
            ends.put(
                    write.stream(),
                    view.end(write.stream())
                            .plus(write.events().stream().map(EventData::id).toList()));
        }
        members.add(new Member(number, command, firstVersions, events));
        events = index;
        return true;
    }

    /** What must not be there: the place behind each stream that is looked at and whose version must be exact. */
    private List<Key> checks(AppendCommand command, DynamoView view) {
        List<Key> checks = new ArrayList<>();
        command.expectations().forEach((stream, expected) -> {
            boolean exact = expected instanceof ExpectedVersion.Exactly || expected instanceof ExpectedVersion.NoStream;
            // What this group writes itself, it guards itself.
            if (exact && !ends.containsKey(stream) && !writes(command, stream)) {
                checks.add(DynamoLayout.streamItem(stream, view.end(stream).version() + 1));
            }
        });
        return checks;
    }

    private static boolean writes(AppendCommand command, StreamId stream) {
        return command.writes().stream().anyMatch(write -> write.stream().equals(stream));
    }

    private boolean fits(List<Chunk> chunks, List<Key> checks) {
        long moreBytes = chunks.stream().mapToLong(Chunk::bytes).sum();
        int moreLog =
                chunks.stream().mapToInt(chunk -> ItemSize.of(chunk.entry())).sum();
        if (slots.size() + chunks.size() + checks.size() > MOST_SLOTS
                || bytes + moreBytes + logBytes + moreLog > MOST_BYTES
                || logBytes + moreLog > MOST_LOG_BYTES) {
            if (members.isEmpty()) {
                throw new IllegalStateException("an append within the limits has " + chunks.size() + " items and "
                        + moreBytes + " bytes, which no transaction takes");
            }
            return false;
        }
        bytes += moreBytes;
        logBytes += moreLog;
        return true;
    }

    /** A put says all that a look at the same place said. */
    private void put(Chunk chunk, int number) {
        Slot before = slots.remove(chunk.key());
        Set<Integer> needed = new HashSet<>(before == null ? Set.of() : before.members());
        needed.add(number);
        slots.put(chunk.key(), new Slot(chunk.key(), chunk, needed));
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    List<Member> members() {
        return Collections.unmodifiableList(members);
    }

    /** The items, in the order of the request. */
    List<Slot> slots() {
        return List.copyOf(slots.values());
    }

    /** How the written streams end afterwards. */
    Map<StreamId, StreamEnd> ends() {
        return Collections.unmodifiableMap(ends);
    }

    /** How many events it writes. */
    int events() {
        return events;
    }

    /** What the log says of it, in the global order. */
    List<LogEntry> entries() {
        List<Chunk> chunks = new ArrayList<>();
        slots.values().forEach(slot -> {
            if (slot.chunk() != null) {
                chunks.add(slot.chunk());
            }
        });
        chunks.sort(Comparator.comparingInt(Chunk::index));
        return chunks.stream().map(Chunk::entry).toList();
    }
}
