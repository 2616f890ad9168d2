package dev.polylog.internal.subscription;

import dev.polylog.Position;
import dev.polylog.spi.CellStore;
import dev.polylog.spi.CellStore.SetOutcome;
import dev.polylog.subscription.ParkedEvent;
import dev.polylog.subscription.SubscriptionLimitReached;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The parked events of one durable subscription, in as many cells as they need (rule S-05).
 *
 * <p>Remembers the pages that it has read: {@link #load()} reads them all, a change reads a page again only if somebody
 * else has changed it. Every change is a compare-and-set of one page by a rule that may be applied again, so that a change
 * whose outcome is unknown is simply made again after the next load. For one thread; failures are those of the cells.
 */
final class ParkedCells {

    static final int MAX_PAGES = 32;
    static final int MAX_EVENTS = MAX_PAGES * ParkedPage.MAX_EVENTS;

    private final CellStore cells;
    private final String name;
    private final List<ParkedPage> pages = new ArrayList<>();

    ParkedCells(CellStore cells, String name) {
        this.cells = cells;
        this.name = name;
    }

    /** Reads all parked events, in the order of the log. */
    List<ParkedEvent> load() {
        pages.clear();
        Optional<ParkedPage> page = read(0);
        while (page.isPresent()) {
            pages.add(page.get());
            page = pages.size() < MAX_PAGES ? read(pages.size()) : Optional.empty();
        }
        Map<Position, ParkedEvent> sorted = new TreeMap<>();
        pages.forEach(loaded -> loaded.events().forEach(event -> sorted.putIfAbsent(event.position(), event)));
        return List.copyOf(sorted.values());
    }

    private Optional<ParkedPage> read(int number) {
        String cellName = CellNames.parkedPage(name, number);
        return cells.get(cellName)
                .map(cell -> new ParkedPage(cell.revision(), ParkedPage.decode(cellName, cell.value())));
    }

    /**
     * Adds an event, unless it is there.
     *
     * @throws SubscriptionLimitReached if there is no room
     */
    void add(ParkedEvent event) {
        while (!contains(event) && !addToFirstWithRoom(event)) {
            load();
        }
    }

    private boolean contains(ParkedEvent event) {
        return pages.stream()
                .flatMap(page -> page.events().stream())
                .anyMatch(there -> there.position().equals(event.position()));
    }

    private boolean addToFirstWithRoom(ParkedEvent event) {
        int number = 0;
        while (number < pages.size() && pages.get(number).isFull()) {
            number++;
        }
        if (number >= MAX_PAGES) {
            throw new SubscriptionLimitReached("subscription " + name + " has parked " + MAX_EVENTS
                    + " events, which is the most; repair the handler, replay or drop them, then start it again");
        }
        if (number == pages.size()) {
            pages.add(new ParkedPage(0, List.of()));
        }
        List<ParkedEvent> events = new ArrayList<>(pages.get(number).events());
        events.add(event);
        events.sort(Comparator.comparing(ParkedEvent::position));
        return set(number, events);
    }

    private boolean set(int number, List<ParkedEvent> events) {
        SetOutcome outcome = cells.compareAndSet(
                CellNames.parkedPage(name, number), pages.get(number).revision(), ParkedPage.encode(events));
        if (outcome instanceof SetOutcome.Done done) {
            pages.set(number, new ParkedPage(done.revision(), events));
            return true;
        }
        return false;
    }

    /** Takes events away. */
    void remove(Collection<Position> positions) {
        change(events -> events.stream()
                .filter(event -> !positions.contains(event.position()))
                .toList());
    }

    /** Changes events one by one. */
    void replaceEach(UnaryOperator<ParkedEvent> change) {
        change(events -> events.stream().map(change).toList());
    }

    /** Changes pages by a rule that has the same result when it is applied again. */
    private void change(UnaryOperator<List<ParkedEvent>> rule) {
        for (int number = 0; number < pages.size(); number++) {
            List<ParkedEvent> changed = rule.apply(pages.get(number).events());
            while (!changed.equals(pages.get(number).events()) && !set(number, changed)) {
                pages.set(number, read(number).orElse(new ParkedPage(0, List.of())));
                changed = rule.apply(pages.get(number).events());
            }
        }
    }
}
