package dev.polylog.memory;

import dev.polylog.AppendResult;
import dev.polylog.Direction;
import dev.polylog.EventData;
import dev.polylog.Payload;
import dev.polylog.Position;
import dev.polylog.RecordedEvent;
import dev.polylog.StreamId;
import dev.polylog.Watermark;
import dev.polylog.spi.AppendCommand;
import dev.polylog.spi.AppendOutcome;
import dev.polylog.spi.BackendTraits;
import dev.polylog.spi.BackendTraits.DuplicateDetection;
import dev.polylog.spi.BackendTraits.RepeatWindow;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.spi.LogRead;
import dev.polylog.spi.LogSlice;
import dev.polylog.spi.LogStatus;
import dev.polylog.spi.StreamRead;
import dev.polylog.spi.StreamSlice;
import dev.polylog.spi.support.AppendRules;
import dev.polylog.spi.support.AppendRules.Decision;
import dev.polylog.spi.support.EventSizes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The log itself: one lock, everything in lists. Positions leave gaps on purpose, since no store promises density.
 *
 * <p>Thread-safe.
 */
final class MemoryLog {

    /** Steps between positions, over and over: irregular, so that nobody gets used to density. */
    private static final int[] STEPS = {1, 3, 1, 2, 7, 1, 1, 5};

    private final BackendTraits traits;
    private final Map<StreamId, MemoryStream> streams = new HashMap<>();
    private final Map<String, Cell> cells = new HashMap<>();
    private final List<RecordedEvent> events = new ArrayList<>();
    private final Map<List<UUID>, AppendCommand> inFlight = new HashMap<>();
    private final String logId = UUID.randomUUID().toString();
    private int epoch = 1;
    private final View view = new View();
    private long lastPosition;

    MemoryLog(BackendTraits traits) {
        this.traits = traits;
    }

    synchronized AppendOutcome append(AppendCommand command, Instant now) {
        if (!inFlight.isEmpty()) {
            inFlight.remove(command.eventIds());
        }
        return decide(command, now);
    }

    private AppendOutcome decide(AppendCommand command, Instant now) {
        Decision decision = AppendRules.decide(command, view);
        if (decision instanceof Decision.Refuse refuse) {
            return refuse.outcome();
        }
        if (decision instanceof Decision.Repeat repeat) {
            return new AppendOutcome.Appended(result(command, repeat.firstVersions(), true));
        }
        Decision.Write write = (Decision.Write) decision;
        for (AppendCommand.StreamWrite stream : command.writes()) {
            for (EventData event : stream.events()) {
                write(stream.stream(), event, now);
            }
        }
        return new AppendOutcome.Appended(result(command, write.firstVersions(), false));
    }

    private void write(StreamId id, EventData event, Instant now) {
        MemoryStream stream = streams.computeIfAbsent(id, key -> new MemoryStream());
        lastPosition += STEPS[events.size() % STEPS.length];
        RecordedEvent recorded = new RecordedEvent(id, stream.version() + 1, Position.of(lastPosition), now, event);
        stream.add(recorded);
        events.add(recorded);
    }

    private AppendResult result(AppendCommand command, Map<StreamId, Long> firstVersions, boolean repeated) {
        List<AppendResult.Written> written = new ArrayList<>(firstVersions.size());
        Position position = Position.START;
        for (AppendCommand.StreamWrite write : command.writes()) {
            long first = firstVersions.getOrDefault(write.stream(), 0L);
            long last = first + write.events().size() - 1;
            written.add(new AppendResult.Written(write.stream(), first, last));
            Position here = stream(write.stream()).event(last).position();
            position = here.isAfter(position) ? here : position;
        }
        return new AppendResult(written, position, repeated);
    }

    private MemoryStream stream(StreamId id) {
        MemoryStream stream = streams.get(id);
        return stream == null ? MemoryStream.EMPTY : stream;
    }

    synchronized void sendLate(AppendCommand command) {
        inFlight.put(command.eventIds(), command);
    }

    /** Lets arrive what is on its way and was not fenced. */
    synchronized void deliverLate(Instant now) {
        List<AppendCommand> arriving = new ArrayList<>(inFlight.values());
        inFlight.clear();
        arriving.forEach(command -> decide(command, now));
    }

    /** Fences a late attempt, then looks. */
    synchronized Optional<AppendResult> resolve(AppendCommand command) {
        inFlight.remove(command.eventIds());
        Map<StreamId, Long> standing = new HashMap<>();
        for (AppendCommand.StreamWrite write : command.writes()) {
            List<UUID> ids = write.events().stream().map(EventData::id).toList();
            MemoryStream stream = stream(write.stream());
            long first = stream.find(ids.get(0));
            if (first == 0 || !stream.ids(first, ids.size()).equals(ids)) {
                return Optional.empty();
            }
            standing.put(write.stream(), first);
        }
        return Optional.of(result(command, standing, false));
    }

    synchronized StreamSlice readStream(StreamRead read) {
        MemoryStream stream = stream(read.stream());
        boolean forwards = read.direction() == Direction.FORWARDS;
        long at = forwards ? Math.max(1, read.from()) : Math.min(read.from(), stream.version());
        int step = forwards ? 1 : -1;
        List<RecordedEvent> page = new ArrayList<>();
        long bytes = 0;
        while (at >= 1 && at <= stream.version() && page.size() < read.maxEvents() && bytes < read.maxBytes()) {
            RecordedEvent event = stream.event(at);
            page.add(event);
            bytes += EventSizes.of(event);
            at += step;
        }
        return new StreamSlice(page, at < 1 || at > stream.version(), stream.version());
    }

    synchronized LogSlice readAll(LogRead read) {
        boolean forwards = read.direction() == Direction.FORWARDS;
        int at = forwards ? firstAfter(read.bound()) : firstNotBefore(read.bound()) - 1;
        int step = forwards ? 1 : -1;
        List<RecordedEvent> page = new ArrayList<>();
        Position lookedUpTo = read.bound();
        long bytes = 0;
        while (at >= 0 && at < events.size() && page.size() < read.maxEvents() && bytes < read.maxBytes()) {
            RecordedEvent event = events.get(at);
            if (read.filter().matches(event.stream(), event.type())) {
                page.add(event);
                bytes += EventSizes.of(event);
            }
            lookedUpTo = event.position();
            at += step;
        }
        return new LogSlice(page, lookedUpTo, at < 0 || at >= events.size());
    }

    private int firstAfter(Position bound) {
        int index = firstNotBefore(bound);
        boolean there = index < events.size() && events.get(index).position().equals(bound);
        return there ? index + 1 : index;
    }

    private int firstNotBefore(Position bound) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).position().compareTo(bound) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    synchronized LogStatus status() {
        Position head = events.isEmpty()
                ? Position.START
                : events.get(events.size() - 1).position();
        return new LogStatus(logId, String.valueOf(epoch), Watermark.at(head));
    }

    synchronized Optional<Cell> cell(String name) {
        return Optional.ofNullable(cells.get(name));
    }

    synchronized SetOutcome setCell(String name, long expectedRevision, Payload value) {
        Cell cell = cells.get(name);
        long actual = cell == null ? 0 : cell.revision();
        if (actual != expectedRevision) {
            return new SetOutcome.Mismatch(actual);
        }
        cells.put(name, new Cell(actual + 1, value));
        return new SetOutcome.Done(actual + 1);
    }

    synchronized void truncateAfter(Position position) {
        while (!events.isEmpty() && events.get(events.size() - 1).position().isAfter(position)) {
            RecordedEvent last = events.remove(events.size() - 1);
            stream(last.stream()).removeLast();
        }
        lastPosition = position.low();
    }

    synchronized void newEpoch() {
        epoch++;
    }

    /** What the rules see of the streams; only used under the lock. */
    private final class View implements AppendRules.StreamView {

        @Override
        public long version(StreamId id) {
            return stream(id).version();
        }

        @Override
        public List<UUID> ids(StreamId id, long firstVersion, int count) {
            return stream(id).ids(firstVersion, count);
        }

        @Override
        public long find(StreamId id, UUID eventId) {
            return traits.duplicateDetection() == DuplicateDetection.WHOLE_STREAM
                            || traits.repeatWindow() == RepeatWindow.UNBOUNDED
                    ? stream(id).find(eventId)
                    : 0;
        }
    }
}
