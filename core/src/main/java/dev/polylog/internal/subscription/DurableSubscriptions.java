package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.StreamId;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.Cell;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.spi.LogBackend;
import dev.polylog.spi.LogStatus;
import dev.polylog.subscription.Checkpoint;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.StartFrom;
import dev.polylog.subscription.SubscriptionOptions;
import dev.polylog.subscription.Subscriptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Looks after durable subscriptions by their cells. Thread-safe; failures are those of the cells. */
final class DurableSubscriptions implements Subscriptions {

    private final LogBackend backend;
    private final CellStore cells;
    private final Consumer<String> onChange;

    /**
     * Those of a store.
     *
     * @param backend its log and its cells
     * @param onChange is told the name whose parked events have changed, for the run that may be in this process
     */
    DurableSubscriptions(LogBackend backend, Consumer<String> onChange) {
        this.backend = backend;
        this.cells = backend.cells();
        this.onChange = onChange;
    }

    @Override
    public List<String> names() {
        return new NameRegistry(cells).names();
    }

    @Override
    public Optional<Checkpoint> checkpoint(String name) {
        requireName(name);
        return cells.get(CellNames.checkpoint(name))
                .map(cell -> CheckpointCell.decode(name, cell).checkpoint());
    }

    @Override
    public List<ParkedEvent> parked(String name) {
        return cellsOf(name).load();
    }

    private ParkedCells cellsOf(String name) {
        requireName(name);
        return new ParkedCells(cells, name);
    }

    private static void requireName(String name) {
        SubscriptionOptions.durable(name);
    }

    @Override
    public int replay(String name, Position... positions) {
        ParkedCells parked = cellsOf(name);
        List<ParkedEvent> there = parked.load();
        Map<StreamId, Position> last = new HashMap<>();
        chosen(there, positions)
                .forEach(event -> last.merge(event.stream(), event.position(), DurableSubscriptions::later));
        Set<Position> wanted = there.stream()
                .filter(event -> !event.position().isAfter(last.getOrDefault(event.stream(), Position.START)))
                .map(ParkedEvent::position)
                .collect(Collectors.toSet());
        parked.replaceEach(event -> wanted.contains(event.position()) ? requested(event) : event);
        announce(name);
        return wanted.size();
    }

    @Override
    public int drop(String name, Position... positions) {
        ParkedCells parked = cellsOf(name);
        Set<Position> unwanted = chosen(parked.load(), positions).stream()
                .map(ParkedEvent::position)
                .collect(Collectors.toSet());
        parked.remove(unwanted);
        announce(name);
        return unwanted.size();
    }

    @Override
    public Checkpoint reset(String name, StartFrom from) {
        requireName(name);
        LogStatus status = backend.status();
        Checkpoint checkpoint = new LogLookup(backend).checkpointAt(position(from, status), status);
        new NameRegistry(cells).add(name);
        // A run that claims in between has read the old checkpoint: it must lose, so this claims after it.
        OwnedCheckpoint owned = new OwnedCheckpoint(cells, name);
        do {
            owned.load();
        } while (!owned.claim(checkpoint));
        return checkpoint;
    }

    private static Position position(StartFrom from, LogStatus status) {
        Position head = status.watermark().head();
        Position position = from instanceof StartFrom.After after ? after.position() : head;
        if (position.isAfter(head)) {
            throw new IllegalArgumentException("position " + position + " lies behind the head of the log, " + head
                    + "; give a position at or before it");
        }
        return position;
    }

    private static List<ParkedEvent> chosen(List<ParkedEvent> parked, Position... positions) {
        Set<Position> some = new HashSet<>(List.of(positions));
        return parked.stream()
                .filter(event -> some.isEmpty() || some.contains(event.position()))
                .toList();
    }

    private static Position later(Position one, Position other) {
        return one.isAfter(other) ? one : other;
    }

    private static ParkedEvent requested(ParkedEvent event) {
        return new ParkedEvent(
                event.position(),
                event.stream(),
                event.version(),
                event.eventId(),
                event.parkedAt(),
                event.error(),
                true);
    }

    /** Makes the running subscription, wherever it is, look at its parked events at its next look. */
    private void announce(String name) {
        boolean told = false;
        while (!told) {
            told = cells.get(CellNames.checkpoint(name))
                    .map(cell -> ring(name, cell))
                    .orElse(true);
        }
        onChange.accept(name);
    }

    private boolean ring(String name, Cell cell) {
        CheckpointCell there = CheckpointCell.decode(name, cell);
        CheckpointCell rung = new CheckpointCell(there.owner(), there.requests() + 1, there.checkpoint());
        return cells.compareAndSet(CellNames.checkpoint(name), cell.revision(), rung.encode())
                instanceof SetOutcome.Done;
    }
}
