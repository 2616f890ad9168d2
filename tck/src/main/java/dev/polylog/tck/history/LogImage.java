package dev.polylog.tck.history;

import dev.polylog.Direction;
import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The log as it is in the end, when nobody writes any more: the witness that the checker compares a history with.
 *
 * <p>Immutable and thread-safe.
 *
 * @param entries all events after {@code start} in the order in which a read of everything gave them, and before them
 *     those at or below it; of these, streams that no operation touched may be left out where no operation read
 *     everything from there
 * @param start the head before the history began
 */
public record LogImage(List<LogEntry> entries, Position start) {

    private static final int PAGE = 1_000;

    /** Copies the list. */
    public LogImage {
        entries = List.copyOf(entries);
    }

    /**
     * Reads what the checker needs: all that was written since the history began, and of what was there before the
     * streams that occur in it, or everything if some operation has read everything from there.
     *
     * @param backend the store, at rest
     * @param history the history, complete
     * @return the image of the log
     */
    public static LogImage read(LogBackend backend, History history) {
        List<LogEntry> entries = new ArrayList<>();
        if (readsBefore(history)) {
            readAll(backend, Position.START, entries::add);
            return new LogImage(entries, history.start());
        }
        for (StreamId stream : streams(history)) {
            readUpTo(backend, stream, history.start(), entries::add);
        }
        entries.sort(Comparator.comparing(LogEntry::position));
        readAll(backend, history.start(), entries::add);
        return new LogImage(entries, history.start());
    }

    private static boolean readsBefore(History history) {
        return history.start().isAfter(Position.START)
                && history.operations().stream().anyMatch(operation -> readsBefore(operation, history.start()));
    }

    private static boolean readsBefore(Operation operation, Position start) {
        return operation.action() instanceof Action.ReadAll read
                && (read.request().direction() == Direction.BACKWARDS
                        || start.isAfter(read.request().bound()));
    }

    private static Set<StreamId> streams(History history) {
        Set<StreamId> streams = new LinkedHashSet<>();
        if (history.start().equals(Position.START)) {
            return streams;
        }
        for (Operation operation : history.operations()) {
            if (operation.action() instanceof Action.Append append) {
                streams.addAll(append.expectations().keySet());
            } else if (operation.action() instanceof Action.ReadStream read) {
                streams.add(read.stream());
            }
        }
        return streams;
    }

    private static void readUpTo(LogBackend backend, StreamId stream, Position start, Consumer<LogEntry> consumer) {
        long from = 1;
        boolean more = true;
        while (more) {
            StreamSlice slice = backend.readStream(StreamRead.forwards(stream, from, PAGE));
            List<LogEntry> page = LogEntry.listOf(slice.events());
            page.stream().filter(entry -> !entry.position().isAfter(start)).forEach(consumer);
            more = !slice.endOfStream()
                    && !page.isEmpty()
                    && !page.get(page.size() - 1).position().isAfter(start);
            from += page.size();
        }
    }

    private static void readAll(LogBackend backend, Position after, Consumer<LogEntry> consumer) {
        Position bound = after;
        boolean more = true;
        while (more) {
            LogSlice slice = backend.readAll(LogRead.after(bound, PAGE));
            LogEntry.listOf(slice.events()).forEach(consumer);
            more = !slice.atHead();
            bound = slice.lookedUpTo();
        }
    }
}
