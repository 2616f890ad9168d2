package dev.polylog.cli.transfer;

import dev.polylog.Append;
import dev.polylog.EventData;
import dev.polylog.ExpectedVersion;
import dev.polylog.StreamId;
import dev.polylog.spi.BackendTraits.Limits;
import dev.polylog.spi.support.EventSizes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines that go into one append.
 *
 * <p>An append writes its streams one after the other, each once, so a line whose stream is already in the batch but is
 * not its last one would move forwards in the global order: the batch ends before it. Where batches end depends on the
 * lines and the store's limits only. For one thread.
 */
final class Batch {

    private static final int MOST_EVENTS = 1000;
    private static final long MOST_BYTES = 4L << 20;

    private final int maxEvents;
    private final int maxStreams;
    private final long maxBytes;
    private final List<ImportLine.Parsed> lines = new ArrayList<>();
    private final Set<StreamId> streams = new HashSet<>();
    private @Nullable StreamId lastStream;
    private long bytes;

    Batch(Limits limits) {
        this.maxEvents = Math.min(limits.maxEventsPerAppend(), MOST_EVENTS);
        this.maxStreams = limits.maxStreamsPerAppend();
        this.maxBytes = Math.min(limits.maxAppendBytes() / 2, MOST_BYTES);
    }

    /** Adds a line if it fits; an empty batch takes any. Bytes are counted as the store's limit counts them. */
    boolean add(ImportLine.Parsed line) {
        long size = EventSizes.of(line.event());
        if (!lines.isEmpty() && !fits(line.stream(), size)) {
            return false;
        }
        lines.add(line);
        streams.add(line.stream());
        lastStream = line.stream();
        bytes += size;
        return true;
    }

    private boolean fits(StreamId stream, long size) {
        boolean inOrder = stream.equals(lastStream) || (!streams.contains(stream) && streams.size() < maxStreams);
        return inOrder && lines.size() < maxEvents && bytes + size <= maxBytes;
    }

    /** Takes all lines out. */
    List<ImportLine.Parsed> drain() {
        List<ImportLine.Parsed> drained = List.copyOf(lines);
        lines.clear();
        streams.clear();
        lastStream = null;
        bytes = 0;
        return drained;
    }

    /** The lines by stream, in the order in which the streams first occur. */
    static Map<StreamId, List<ImportLine.Parsed>> byStream(List<ImportLine.Parsed> lines) {
        Map<StreamId, List<ImportLine.Parsed>> grouped = new LinkedHashMap<>();
        for (ImportLine.Parsed line : lines) {
            grouped.computeIfAbsent(line.stream(), s -> new ArrayList<>()).add(line);
        }
        return grouped;
    }

    /** The append of these lines, each stream expected to be exactly as long as the file says. */
    static Append append(List<ImportLine.Parsed> lines, Versions versions) {
        Append append = null;
        for (Map.Entry<StreamId, List<ImportLine.Parsed>> part : byStream(lines).entrySet()) {
            ExpectedVersion expected = ExpectedVersion.exactly(versions.of(part.getKey()));
            List<EventData> events =
                    part.getValue().stream().map(ImportLine.Parsed::event).toList();
            append = append == null
                    ? Append.to(part.getKey(), expected, events)
                    : append.and(part.getKey(), expected, events);
        }
        if (append == null) {
            throw new IllegalStateException("an append of no lines");
        }
        return append;
    }
}
